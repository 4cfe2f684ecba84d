// A computation of many operations as one, which TensorFlow plans once and then runs as a whole.

#include "define_function.h"

#include <memory>
#include <string>
#include <vector>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"
#include "tfjs_backend.h"

namespace tfnodejs {
namespace {

template <typename Object>
using Owned = std::unique_ptr<Object, void (*)(Object *)>;

struct Definition {
  std::string name;
  const void *graph = nullptr;
  size_t bytes = 0;
  int32_t inputs = 0, outputs = 0;
};

bool read(napi_env env, napi_callback_info info, Definition &definition) {
  size_t count = 4, length = 0;
  napi_value values[4];
  napi_typedarray_type type;
  void *graph = nullptr;
  if (napi_get_cb_info(env, info, &count, values, nullptr, nullptr) != napi_ok || count != 4 ||
      napi_get_value_string_utf8(env, values[0], nullptr, 0, &length) != napi_ok) {
    return false;
  }
  definition.name.resize(length);
  if (napi_get_value_string_utf8(env, values[0], &definition.name[0], length + 1, &length) != napi_ok ||
      napi_get_typedarray_info(env, values[1], &type, &definition.bytes, &graph, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array || napi_get_value_int32(env, values[2], &definition.inputs) != napi_ok ||
      napi_get_value_int32(env, values[3], &definition.outputs) != napi_ok) {
    return false;
  }
  definition.graph = graph;
  return true;
}

// The first results of the nodes `<prefix>0`, `<prefix>1`, …
std::vector<TF_Output> nodesNamed(TF_Graph *graph, const char *prefix, int32_t count, TF_Status *status) {
  std::vector<TF_Output> nodes;
  for (int32_t index = 0; index < count; index++) {
    const std::string name = prefix + std::to_string(index);
    TF_Operation *operation = TF_GraphOperationByName(graph, name.c_str());
    if (operation == nullptr) {
      TF_SetStatus(status, TF_INVALID_ARGUMENT, ("expected a node " + name).c_str());
      return nodes;
    }
    nodes.push_back({operation, 0});
  }
  return nodes;
}

void define(TFE_Context *context, const Definition &definition, TF_Status *status) {
  Owned<TF_Graph> graph(TF_NewGraph(), TF_DeleteGraph);
  Owned<TF_Buffer> encoded(TF_NewBufferFromString(definition.graph, definition.bytes), TF_DeleteBuffer);
  Owned<TF_ImportGraphDefOptions> options(TF_NewImportGraphDefOptions(), TF_DeleteImportGraphDefOptions);
  TF_GraphImportGraphDef(graph.get(), encoded.get(), options.get(), status);
  if (TF_GetCode(status) != TF_OK) return;
  const std::vector<TF_Output> inputs = nodesNamed(graph.get(), "input_", definition.inputs, status);
  if (TF_GetCode(status) != TF_OK) return;
  const std::vector<TF_Output> outputs = nodesNamed(graph.get(), "output_", definition.outputs, status);
  if (TF_GetCode(status) != TF_OK) return;
  Owned<TF_Function> function(
      TF_GraphToFunction(graph.get(), definition.name.c_str(), 0, -1, nullptr, definition.inputs, inputs.data(),
                         definition.outputs, outputs.data(), nullptr, nullptr, nullptr, status),
      TF_DeleteFunction);
  if (TF_GetCode(status) == TF_OK) TFE_ContextAddFunction(context, function.get(), status);
}

} // namespace

napi_value DefineFunction(napi_env env, napi_callback_info info) {
  Definition definition;
  void *backend = nullptr;
  if (!read(env, info, definition) || napi_get_instance_data(env, &backend) != napi_ok) {
    napi_throw_type_error(env, nullptr, "expected a name, a Uint8Array and two numbers");
    return nullptr;
  }
  Owned<TF_Status> status(TF_NewStatus(), TF_DeleteStatus);
  define(static_cast<TFJSBackend *>(backend)->context(), definition, status.get());
  if (TF_GetCode(status.get()) != TF_OK) napi_throw_error(env, nullptr, TF_Message(status.get()));
  return nullptr;
}

} // namespace tfnodejs
