#pragma once

#include <node_api.h>

namespace tfnodejs {

// A graph is a GraphDef whose nodes `input_0`, `input_1`, … are placeholders and whose nodes `output_0`, `output_1`, …
// have one result each. All throw what TensorFlow says.

// defineFunction(name: string, graph: Uint8Array, inputs: number, outputs: number): the session of this thread
// then knows an operation of that name.
napi_value DefineFunction(napi_env env, napi_callback_info info);

// prepareGraph(graph: Uint8Array, configuration: Uint8Array, inputs: number, outputs: number): what `runGraph` runs, on
// the CPU. The configuration is a ConfigProto.
napi_value PrepareGraph(napi_env env, napi_callback_info info);

// runGraph(prepared, inputs: number[]): the results for the tensors of these numbers, as `executeOp` gives them. With an
// executor of one thread it runs in the calling one.
napi_value RunGraph(napi_env env, napi_callback_info info);

} // namespace tfnodejs
