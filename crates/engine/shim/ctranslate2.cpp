// A C interface to the Whisper part of CTranslate2's shared library, which is loaded at run time.
//
// The published library is C++ and has no C interface, and its headers are not shipped with it.
// So the few types that cross the border are declared here by layout, and the functions are looked
// up by their mangled names. All of them are plain member functions of exported classes under the
// Itanium C++ ABI: `this` is the first argument, a class with a destructor is passed by address and
// returned through memory. Both sides use the machine's one libstdc++ (cxx11 strings), so vectors,
// strings, shared pointers and exceptions cross unharmed. Layouts are those of version 4.8; the
// catalogue pins the library by checksum, and a library without one of the names is refused.
//
// Opaque objects get room to spare instead of an exact size.

#include <dlfcn.h>
#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using Ids = std::vector<std::size_t>;
using Shape = std::vector<std::int64_t>;

struct Model;
struct Replica;

// Enumerators of CTranslate2 that are used here.
constexpr int kCpu = 0;
constexpr int kInt8 = 3;
constexpr int kLogErrorsOnly = -1;

struct WhisperOptions {
  std::size_t beam_size = 1;
  float patience = 1;
  float length_penalty = 1;
  float repetition_penalty = 1;
  std::size_t no_repeat_ngram_size = 0;
  std::size_t max_length = 448;
  std::size_t sampling_topk = 1;
  float sampling_temperature = 1;
  std::size_t num_hypotheses = 1;
  bool return_scores = true;
  bool return_logits_vocab = false;
  bool return_no_speech_prob = true;
  std::size_t max_initial_timestamp_index = 50;
  bool suppress_blank = true;
  std::vector<int> suppress_tokens = {-1};
};

struct Generated {
  std::vector<std::vector<std::string>> sequences;
  std::vector<Ids> ids;
  std::vector<float> scores;
  std::vector<std::vector<char>> logits;  // never asked for, so always empty
  float no_speech_prob;
};

struct Aligned {
  std::vector<std::pair<std::int64_t, std::int64_t>> path;  // (token, encoder position)
  std::vector<float> token_probs;
};

using Languages = std::vector<std::vector<std::pair<std::string, float>>>;

// Ownership is taken by hand: the object's own destructor lives in the library.
struct Released {
  void operator()(Replica*) const {}
};

struct View;

struct Api {
  std::shared_ptr<const Model> (*load)(const std::string&, int, int, int, bool, bool);
  std::unique_ptr<Replica, Released> (*replica)(const Model&);
  void (*replica_delete)(Replica*);
  void (*view_of)(void*, Shape, float*, int);
  void (*view_drop)(void*);
  std::vector<float> (*view_copy)(const void*);
  View (*encode)(Replica*, void*, bool);
  std::vector<Generated> (*generate)(Replica*, void*, const std::vector<Ids>&,
                                     const WhisperOptions&);
  std::vector<Aligned> (*align)(Replica*, void*, const Ids&, const std::vector<Ids>&, Ids,
                                std::int64_t);
  Languages (*languages)(Replica*, void*);
  void (*set_num_threads)(std::size_t);
  void (*set_log_level)(int);
};

Api api;

// A tensor of the library; here always of 32-bit floats in this process' memory.
struct View {
  View(Shape shape, const float* data) {
    api.view_of(room, std::move(shape), const_cast<float*>(data), kCpu);
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View() { api.view_drop(room); }

  alignas(64) unsigned char room[512];
};

// The library asks for tens of megabytes in every layer and gives them back. By default glibc takes
// blocks of that size from the system each time, whose clearing of pages is a sixth of all work. So
// while a model works, blocks come from the heap; as only the main heap holds blocks of any size,
// threads share it. What loading needs once stays outside of it, so that the heap has no holes.
#ifdef __GLIBC__
__attribute__((constructor)) void share_one_heap() { mallopt(M_ARENA_MAX, 1); }

void take_blocks_from_system() {
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_MMAP_MAX, 1 << 16);
}

void take_blocks_from_heap() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
}

void give_free_blocks_back() { malloc_trim(0); }
#else
void take_blocks_from_system() {}
void take_blocks_from_heap() {}
void give_free_blocks_back() {}
#endif

template <typename Function>
void bind(void* library, Function& slot, const char* name) {
  void* symbol = dlsym(library, name);
  if (symbol == nullptr)
    throw std::runtime_error(std::string("another version of the library: no symbol ") + name);
  std::memcpy(&slot, &symbol, sizeof slot);
}

void bind_all(void* library) {
  Api found;
  bind(library, found.load,
       "_ZN11ctranslate26models5Model4loadERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"
       "NS_6DeviceEiNS_11ComputeTypeEbb");
  bind(library, found.replica,
       "_ZN11ctranslate26models14WhisperReplica17create_from_modelERKNS0_5ModelE");
  bind(library, found.replica_delete, "_ZN11ctranslate26models14WhisperReplicaD0Ev");
  bind(library, found.view_of,
       "_ZN11ctranslate211StorageViewC1IfEESt6vectorIlSaIlEEPT_NS_6DeviceE");
  bind(library, found.view_drop, "_ZN11ctranslate211StorageViewD1Ev");
  bind(library, found.view_copy,
       "_ZNK11ctranslate211StorageView9to_vectorIfEESt6vectorIT_SaIS3_EEv");
  bind(library, found.encode,
       "_ZN11ctranslate26models14WhisperReplica6encodeENS_11StorageViewEb");
  bind(library, found.generate,
       "_ZN11ctranslate26models14WhisperReplica8generateENS_11StorageViewERKSt6vectorIS3_ImSaImEES"
       "aIS5_EERKNS0_14WhisperOptionsE");
  bind(library, found.align,
       "_ZN11ctranslate26models14WhisperReplica5alignENS_11StorageViewERKSt6vectorImSaImEERKS3_IS5"
       "_SaIS5_EES5_l");
  bind(library, found.languages,
       "_ZN11ctranslate26models14WhisperReplica15detect_languageB5cxx11ENS_11StorageViewE");
  bind(library, found.set_num_threads, "_ZN11ctranslate215set_num_threadsEm");
  bind(library, found.set_log_level, "_ZN11ctranslate213set_log_levelENS_8LogLevelE");
  api = found;
  api.set_log_level(kLogErrorsOnly);
}

// One copy of a model's weights for all workers of the process: a replica only reads them. The last
// replica that is freed frees them too.
std::shared_ptr<const Model> shared_model(const std::string& folder) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<const Model>> loaded;
  const std::lock_guard<std::mutex> lock(mutex);
  auto& known = loaded[folder];
  auto model = known.lock();
  if (model == nullptr) {
    model = api.load(folder, kCpu, 0, kInt8, false, false);
    known = model;
  }
  return model;
}

void open_once(const char* path) {
  static std::mutex mutex;
  static bool loaded = false;
  const std::lock_guard<std::mutex> lock(mutex);
  if (loaded) return;
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* reason = dlerror();
    throw std::runtime_error(reason == nullptr ? "it cannot be loaded" : reason);
  }
  bind_all(library);
  loaded = true;
}

// Runs `work`; an exception becomes -1 and its text.
template <typename Work>
int guarded(char* error, std::size_t room, Work work) {
  try {
    work();
    return 0;
  } catch (const std::exception& e) {
    if (room > 0) {
      std::strncpy(error, e.what(), room - 1);
      error[room - 1] = '\0';
    }
  } catch (...) {
    if (room > 0) error[0] = '\0';
  }
  return -1;
}

std::vector<Ids> split(const std::uint32_t* flat, const std::size_t* lengths, std::size_t count) {
  std::vector<Ids> lists;
  lists.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    lists.emplace_back(flat, flat + lengths[i]);
    flat += lengths[i];
  }
  return lists;
}

}  // namespace

extern "C" {

struct privity_whisper {
  std::shared_ptr<const Model> model;
  Replica* replica;
};

// Encoder outputs of several windows: shape (batch, positions, width).
struct privity_encoded {
  const float* data;
  std::size_t batch;
  std::size_t positions;
  std::size_t width;
};

struct privity_search {
  std::size_t beam;
  std::size_t most_tokens;
  float repetition_penalty;
  std::size_t no_repeat_ngram;
};

int privity_whisper_load(const char* library, const char* folder, privity_whisper** out,
                         char* error, std::size_t room) {
  return guarded(error, room, [&] {
    open_once(library);
    api.set_num_threads(1);
    take_blocks_from_system();
    auto loaded = std::make_unique<privity_whisper>();
    loaded->model = shared_model(folder);
    loaded->replica = api.replica(*loaded->model).release();
    *out = loaded.release();
    give_free_blocks_back();
    take_blocks_from_heap();
  });
}

void privity_whisper_free(privity_whisper* whisper) {
  api.replica_delete(whisper->replica);
  delete whisper;
}

// After a recording: memory that is free goes back to the system.
void privity_whisper_rest() { give_free_blocks_back(); }

// Writes at most `most` floats of one window's encoder output and says in `written` how many there
// are.
int privity_whisper_encode(privity_whisper* whisper, const float* mel, std::size_t bins,
                           std::size_t frames, float* out, std::size_t most, std::size_t* written,
                           char* error, std::size_t room) {
  return guarded(error, room, [&] {
    api.set_num_threads(1);
    View features({1, std::int64_t(bins), std::int64_t(frames)}, mel);
    const View encoded = api.encode(whisper->replica, &features, true);
    const std::vector<float> values = api.view_copy(&encoded);
    *written = values.size();
    std::copy_n(values.begin(), std::min(most, values.size()), out);
  });
}

// Per window: at most `most_tokens` ids into its row of `ids`, their number, the mean
// log-probability and the probability of no speech.
int privity_whisper_generate(privity_whisper* whisper, const privity_encoded* encoded,
                             const std::uint32_t* prompt, std::size_t prompt_length,
                             const privity_search* search, std::uint32_t* ids,
                             std::size_t* lengths, float* scores, float* no_speech, char* error,
                             std::size_t room) {
  return guarded(error, room, [&] {
    api.set_num_threads(1);
    View features({std::int64_t(encoded->batch), std::int64_t(encoded->positions),
                   std::int64_t(encoded->width)},
                  encoded->data);
    const std::vector<Ids> prompts(encoded->batch, Ids(prompt, prompt + prompt_length));
    WhisperOptions options;
    options.beam_size = search->beam;
    options.repetition_penalty = search->repetition_penalty;
    options.no_repeat_ngram_size = search->no_repeat_ngram;
    options.max_length = 2 * search->most_tokens;  // the library generates half of it at most
    const auto results = api.generate(whisper->replica, &features, prompts, options);
    if (results.size() != encoded->batch) throw std::runtime_error("results are missing");
    for (std::size_t i = 0; i < results.size(); ++i) {
      const Ids& found = results[i].ids.at(0);
      lengths[i] = std::min(found.size(), search->most_tokens);
      for (std::size_t t = 0; t < lengths[i]; ++t)
        ids[i * search->most_tokens + t] = std::uint32_t(found[t]);
      scores[i] = results[i].scores.at(0);
      no_speech[i] = results[i].no_speech_prob;
    }
  });
}

// Per window: the encoder position at which each token and then the end begins (`lengths[i] + 1`
// numbers), and each token's probability (`lengths[i]` numbers), both written one after the other.
int privity_whisper_align(privity_whisper* whisper, const privity_encoded* encoded,
                          const std::uint32_t* start, std::size_t start_length,
                          const std::uint32_t* tokens, const std::size_t* lengths,
                          const std::size_t* frames, std::uint32_t* begins, float* probs,
                          char* error, std::size_t room) {
  return guarded(error, room, [&] {
    api.set_num_threads(1);
    View features({std::int64_t(encoded->batch), std::int64_t(encoded->positions),
                   std::int64_t(encoded->width)},
                  encoded->data);
    const auto texts = split(tokens, lengths, encoded->batch);
    constexpr std::int64_t kMedianFilter = 7;
    const auto results =
        api.align(whisper->replica, &features, Ids(start, start + start_length), texts,
                  Ids(frames, frames + encoded->batch), kMedianFilter);
    if (results.size() != encoded->batch) throw std::runtime_error("alignments are missing");
    for (std::size_t i = 0; i < results.size(); ++i) {
      const std::size_t count = lengths[i] + 1;
      std::uint32_t last = 0;
      std::size_t next = 0;
      for (const auto& [token, position] : results[i].path) {
        last = std::uint32_t(position);
        for (; next < count && next <= std::size_t(token); ++next) begins[next] = last;
      }
      for (; next < count; ++next) begins[next] = last;
      if (results[i].token_probs.size() < lengths[i])
        throw std::runtime_error("token probabilities are missing");
      std::copy_n(results[i].token_probs.begin(), lengths[i], probs);
      begins += count;
      probs += lengths[i];
    }
  });
}

// The likeliest language of one window, as the model's token such as `<|en|>`.
int privity_whisper_language(privity_whisper* whisper, const privity_encoded* encoded, char* token,
                             std::size_t token_room, float* probability, char* error,
                             std::size_t room) {
  return guarded(error, room, [&] {
    api.set_num_threads(1);
    View features({std::int64_t(encoded->batch), std::int64_t(encoded->positions),
                   std::int64_t(encoded->width)},
                  encoded->data);
    const Languages found = api.languages(whisper->replica, &features);
    const auto& [name, share] = found.at(0).at(0);
    if (name.size() >= token_room) throw std::runtime_error("a language's name is too long");
    std::memcpy(token, name.c_str(), name.size() + 1);
    *probability = share;
  });
}

}  // extern "C"
