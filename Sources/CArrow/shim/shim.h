// What the parts of the shim share.
#pragma once

#include <memory>
#include <string>

#include <arrow/api.h>
#include <arrow/io/api.h>

#include "../include/hindcast_arrow.h"

namespace hindcast {

// Carries the row of the file at which a reader failed.
class RowDetail : public arrow::StatusDetail {
 public:
  explicit RowDetail(int64_t row) : row_(row) {}
  const char *type_id() const override { return "hindcast::RowDetail"; }
  std::string ToString() const override { return "row " + std::to_string(row_); }
  int64_t row() const { return row_; }

 private:
  int64_t row_;
};

arrow::Status InvalidRow(int64_t row, const std::string &message);

// The message for a status, with the letter that hindcast_arrow.h describes.
std::string Describe(const arrow::Status &status);

struct ReadPlan {
  std::string path;
  int32_t compression = HINDCAST_PLAIN;
  int64_t batch_rows = 65536;
  int64_t batch_bytes = 32 << 20;
  bool has_columns = false;
  std::vector<std::string> columns;
  bool as_dictionaries = false;
  bool has_null_text = false;
  std::string null_text;
  std::shared_ptr<arrow::Schema> types;
  std::shared_ptr<arrow::Schema> later_types;

  bool wants(const std::string &name) const;
};

using Reader = std::shared_ptr<arrow::RecordBatchReader>;

// Standard input, read as it comes: a read waits for the first byte, not for all.
std::shared_ptr<arrow::io::InputStream> OpenStandardInput();
arrow::Result<std::shared_ptr<arrow::io::InputStream>> OpenText(const ReadPlan &plan);
arrow::Result<Reader> OpenParquet(const ReadPlan &plan);
arrow::Result<Reader> OpenCsv(const ReadPlan &plan);
arrow::Result<Reader> OpenJsonLines(const ReadPlan &plan);
arrow::Result<Reader> OpenIpc(const ReadPlan &plan);

// What the rows of a batch take once they are columns of their plain types, about.
int64_t DecodedBytes(const arrow::RecordBatch &batch, int64_t start, int64_t rows);

// Keeps exceptions from crossing the C boundary, cuts batches to size and, where the file is not
// trusted to hold what it says (`validates`), checks them.
arrow::Result<Reader> Guard(Reader reader, const ReadPlan &plan, bool validates);

}  // namespace hindcast
