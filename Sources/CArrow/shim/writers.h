#pragma once

#include <arrow/c/bridge.h>

#include "shim.h"

namespace hindcast {

// Where batches go, whatever the format.
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  virtual arrow::Status Write(const arrow::RecordBatch &batch) = 0;
  virtual arrow::Status Close() = 0;
};

}  // namespace hindcast

struct HindcastTableWriter {
  std::shared_ptr<arrow::Schema> schema;
  std::shared_ptr<arrow::io::OutputStream> file;
  std::unique_ptr<hindcast::BatchSink> sink;
};

namespace hindcast {

arrow::Status OpenWriter(const HindcastWriteOptions &options, ArrowSchema *schema,
                         HindcastTableWriter *writer);

}  // namespace hindcast
