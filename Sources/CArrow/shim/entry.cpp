// The function table. No exception leaves this file.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

#include <arrow/config.h>

#include "writers.h"

namespace {

char *Copy(const std::string &text) {
  auto copy = static_cast<char *>(std::malloc(text.size() + 1));
  if (copy) std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

// Runs `body`, and turns whatever it fails with into a message.
template <typename Body>
char *Try(Body body) {
  try {
    arrow::Status status = body();
    return status.ok() ? nullptr : Copy(hindcast::Describe(status));
  } catch (const std::bad_alloc &) {
    return Copy("L out of memory");
  } catch (const std::exception &error) {
    return Copy(std::string("I ") + error.what());
  } catch (...) {
    return Copy("I an unknown failure");
  }
}

arrow::Result<hindcast::ReadPlan> Plan(const HindcastReadOptions &options) {
  hindcast::ReadPlan plan;
  plan.path = options.path;
  plan.compression = options.compression;
  plan.batch_rows = std::max<int64_t>(1, options.batch_rows);
  plan.batch_bytes = std::max<int64_t>(1, options.batch_bytes);
  plan.has_columns = options.column_count >= 0;
  for (int64_t index = 0; index < options.column_count; index++) {
    plan.columns.emplace_back(options.columns[index]);
  }
  plan.as_dictionaries = options.as_dictionaries != 0;
  plan.has_null_text = options.null_text != nullptr;
  if (options.null_text) plan.null_text = options.null_text;
  if (options.types) {
    ARROW_ASSIGN_OR_RAISE(plan.types, arrow::ImportSchema(options.types));
  }
  if (options.later_types) {
    ARROW_ASSIGN_OR_RAISE(plan.later_types, arrow::ImportSchema(options.later_types));
  }
  return plan;
}

arrow::Result<hindcast::Reader> OpenReader(int32_t format, const hindcast::ReadPlan &plan) {
  switch (format) {
    case HINDCAST_PARQUET:
      return hindcast::OpenParquet(plan);
    case HINDCAST_CSV:
      return hindcast::OpenCsv(plan);
    case HINDCAST_JSON_LINES:
      return hindcast::OpenJsonLines(plan);
    case HINDCAST_ARROW_IPC:
      return hindcast::OpenIpc(plan);
    default:
      return arrow::Status::NotImplemented("no reader for this format");
  }
}

char *Open(const HindcastReadOptions *options, ArrowArrayStream *out) {
  out->release = nullptr;
  return Try([&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(auto plan, Plan(*options));
    ARROW_ASSIGN_OR_RAISE(auto reader, OpenReader(options->format, plan));
    ARROW_ASSIGN_OR_RAISE(
        auto guarded,
        hindcast::Guard(std::move(reader), plan, options->format == HINDCAST_ARROW_IPC));
    return arrow::ExportRecordBatchReader(std::move(guarded), out);
  });
}

char *WriterOpen(const HindcastWriteOptions *options, ArrowSchema *schema,
                 HindcastTableWriter **out) {
  *out = nullptr;
  return Try([&]() -> arrow::Status {
    auto writer = std::make_unique<HindcastTableWriter>();
    ARROW_RETURN_NOT_OK(hindcast::OpenWriter(*options, schema, writer.get()));
    *out = writer.release();
    return arrow::Status::OK();
  });
}

char *WriterWrite(HindcastTableWriter *writer, ArrowArray *batch) {
  return Try([&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(auto imported, arrow::ImportRecordBatch(batch, writer->schema));
    return writer->sink->Write(*imported);
  });
}

char *WriterClose(HindcastTableWriter *writer) {
  return Try([&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(writer->sink->Close());
    return writer->file->Close();
  });
}

void WriterFree(HindcastTableWriter *writer) {
  char *ignored = Try([&]() -> arrow::Status {
    // A stream that failed would try its last bytes again, and complain on standard error.
    auto status = writer->file ? writer->file->Abort() : arrow::Status::OK();
    delete writer;
    return status;
  });
  std::free(ignored);
}

void FreeMessage(char *message) { std::free(message); }

void ReleaseMemory() { arrow::default_memory_pool()->ReleaseUnused(); }

int64_t AllocatedBytes() { return arrow::default_memory_pool()->bytes_allocated(); }

const char *LibraryVersion() { return arrow::GetBuildInfo().version_string.c_str(); }

const HindcastArrowFunctions kFunctions = {
    HINDCAST_ARROW_VERSION, Open,        WriterOpen,     WriterWrite,    WriterClose,
    WriterFree,             FreeMessage, ReleaseMemory,  AllocatedBytes, LibraryVersion,
};

}  // namespace

extern "C" __attribute__((visibility("default"))) const HindcastArrowFunctions *hindcast_arrow() {
  return &kFunctions;
}
