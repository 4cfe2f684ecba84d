#pragma once

#include <node_api.h>

namespace tfnodejs {

// defineFunction(name: string, graph: Uint8Array, inputs: number, outputs: number): the session of this thread
// then knows an operation of that name. The graph is a GraphDef whose nodes `input_0`, `input_1`, … are
// placeholders and whose nodes `output_0`, `output_1`, … have one result each. Throws what TensorFlow says.
napi_value DefineFunction(napi_env env, napi_callback_info info);

} // namespace tfnodejs
