// A computation of many operations as one, which TensorFlow plans once and then runs as a whole.

#include "graphs.h"

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

struct Bytes {
  const void *data = nullptr;
  size_t count = 0;
};

bool read(napi_env env, napi_value value, Bytes &bytes) {
  napi_typedarray_type type;
  void *data = nullptr;
  if (napi_get_typedarray_info(env, value, &type, &bytes.count, &data, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array) {
    return false;
  }
  bytes.data = data;
  return true;
}

bool read(napi_env env, napi_value value, int32_t &number) {
  return napi_get_value_int32(env, value, &number) == napi_ok;
}

bool read(napi_env env, napi_value value, std::string &text) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return false;
  text.resize(length);
  return napi_get_value_string_utf8(env, value, &text[0], length + 1, &length) == napi_ok;
}

bool read(napi_env env, napi_value value, std::vector<int32_t> &numbers) {
  uint32_t count = 0;
  if (napi_get_array_length(env, value, &count) != napi_ok) return false;
  numbers.resize(count);
  for (uint32_t index = 0; index < count; index++) {
    napi_value element;
    if (napi_get_element(env, value, index, &element) != napi_ok || !read(env, element, numbers[index])) return false;
  }
  return true;
}

// The arguments of a call, if there are so many, and the backend of this thread.
template <size_t count>
bool readCall(napi_env env, napi_callback_info info, napi_value (&values)[count], TFJSBackend *&backend) {
  size_t given = count;
  void *data = nullptr;
  if (napi_get_cb_info(env, info, &given, values, nullptr, nullptr) != napi_ok || given != count ||
      napi_get_instance_data(env, &data) != napi_ok) {
    return false;
  }
  backend = static_cast<TFJSBackend *>(data);
  return true;
}

napi_value refuse(napi_env env, const char *expected) {
  napi_throw_type_error(env, nullptr, expected);
  return nullptr;
}

bool failed(TF_Status *status) { return TF_GetCode(status) != TF_OK; }

napi_value report(napi_env env, TF_Status *status) {
  napi_throw_error(env, nullptr, TF_Message(status));
  return nullptr;
}

struct Graph {
  Owned<TF_Graph> graph{TF_NewGraph(), TF_DeleteGraph};
  std::vector<TF_Output> inputs, outputs;
};

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

void import(Graph &graph, const Bytes &definition, int32_t inputs, int32_t outputs, TF_Status *status) {
  Owned<TF_Buffer> encoded(TF_NewBufferFromString(definition.data, definition.count), TF_DeleteBuffer);
  Owned<TF_ImportGraphDefOptions> options(TF_NewImportGraphDefOptions(), TF_DeleteImportGraphDefOptions);
  TF_GraphImportGraphDef(graph.graph.get(), encoded.get(), options.get(), status);
  if (!failed(status)) graph.inputs = nodesNamed(graph.graph.get(), "input_", inputs, status);
  if (!failed(status)) graph.outputs = nodesNamed(graph.graph.get(), "output_", outputs, status);
}

struct PreparedGraph : Graph {
  TF_Session *session = nullptr;
  ~PreparedGraph() {
    if (session == nullptr) return;
    Owned<TF_Status> status(TF_NewStatus(), TF_DeleteStatus);
    TF_CloseSession(session, status.get());
    TF_DeleteSession(session, status.get());
  }
};

void deletePrepared(napi_env, void *data, void *) { delete static_cast<PreparedGraph *>(data); }

} // namespace

napi_value DefineFunction(napi_env env, napi_callback_info info) {
  napi_value values[4];
  TFJSBackend *backend = nullptr;
  std::string name;
  Bytes definition;
  int32_t inputs = 0, outputs = 0;
  if (!readCall(env, info, values, backend) || !read(env, values[0], name) || !read(env, values[1], definition) ||
      !read(env, values[2], inputs) || !read(env, values[3], outputs)) {
    return refuse(env, "expected a name, a Uint8Array and two numbers");
  }
  Owned<TF_Status> status(TF_NewStatus(), TF_DeleteStatus);
  Graph graph;
  import(graph, definition, inputs, outputs, status.get());
  if (failed(status.get())) return report(env, status.get());
  Owned<TF_Function> function(
      TF_GraphToFunction(graph.graph.get(), name.c_str(), 0, -1, nullptr, inputs, graph.inputs.data(), outputs,
                         graph.outputs.data(), nullptr, nullptr, nullptr, status.get()),
      TF_DeleteFunction);
  if (!failed(status.get())) TFE_ContextAddFunction(backend->context(), function.get(), status.get());
  return failed(status.get()) ? report(env, status.get()) : nullptr;
}

napi_value PrepareGraph(napi_env env, napi_callback_info info) {
  napi_value values[4];
  TFJSBackend *backend = nullptr;
  Bytes definition, configuration;
  int32_t inputs = 0, outputs = 0;
  if (!readCall(env, info, values, backend) || !read(env, values[0], definition) ||
      !read(env, values[1], configuration) || !read(env, values[2], inputs) || !read(env, values[3], outputs)) {
    return refuse(env, "expected two Uint8Arrays and two numbers");
  }
  Owned<TF_Status> status(TF_NewStatus(), TF_DeleteStatus);
  auto prepared = std::make_unique<PreparedGraph>();
  import(*prepared, definition, inputs, outputs, status.get());
  if (failed(status.get())) return report(env, status.get());
  Owned<TF_SessionOptions> options(TF_NewSessionOptions(), TF_DeleteSessionOptions);
  TF_SetConfig(options.get(), configuration.data, configuration.count, status.get());
  if (!failed(status.get())) prepared->session = TF_NewSession(prepared->graph.get(), options.get(), status.get());
  if (failed(status.get())) return report(env, status.get());
  napi_value external = nullptr;
  if (napi_create_external(env, prepared.get(), deletePrepared, nullptr, &external) != napi_ok) return nullptr;
  prepared.release();
  return external;
}

napi_value RunGraph(napi_env env, napi_callback_info info) {
  napi_value values[2];
  TFJSBackend *backend = nullptr;
  void *data = nullptr;
  std::vector<int32_t> ids;
  if (!readCall(env, info, values, backend) || napi_get_value_external(env, values[0], &data) != napi_ok ||
      !read(env, values[1], ids)) {
    return refuse(env, "expected what prepareGraph gave, and numbers");
  }
  const PreparedGraph &prepared = *static_cast<PreparedGraph *>(data);
  if (ids.size() != prepared.inputs.size()) return refuse(env, "expected a tensor for each input");
  Owned<TF_Status> status(TF_NewStatus(), TF_DeleteStatus);
  std::vector<Owned<TF_Tensor>> given;
  std::vector<TF_Tensor *> inputs;
  for (const int32_t id : ids) {
    TFE_TensorHandle *handle = backend->handle(id);
    if (handle == nullptr) return refuse(env, "expected numbers of tensors");
    given.emplace_back(TFE_TensorHandleResolve(handle, status.get()), TF_DeleteTensor);
    if (failed(status.get())) return report(env, status.get());
    inputs.push_back(given.back().get());
  }
  std::vector<TF_Tensor *> results(prepared.outputs.size(), nullptr);
  TF_SessionRun(prepared.session, nullptr, prepared.inputs.data(), inputs.data(), static_cast<int>(inputs.size()),
                prepared.outputs.data(), results.data(), static_cast<int>(results.size()), nullptr, 0, nullptr,
                status.get());
  if (failed(status.get())) return report(env, status.get());
  std::vector<Owned<TF_Tensor>> taken;
  for (TF_Tensor *result : results) taken.emplace_back(result, TF_DeleteTensor);
  napi_value infos = nullptr;
  if (napi_create_array_with_length(env, results.size(), &infos) != napi_ok) return nullptr;
  for (size_t index = 0; index < results.size(); index++) {
    TFE_TensorHandle *handle = TFE_NewTensorHandle(results[index], status.get());
    if (failed(status.get())) return report(env, status.get());
    napi_set_element(env, infos, static_cast<uint32_t>(index), backend->give(env, handle));
  }
  return infos;
}

} // namespace tfnodejs
