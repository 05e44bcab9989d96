#include <exception>
#include <new>

#include "shim.h"

namespace hindcast {
namespace {

class GuardedReader : public arrow::RecordBatchReader {
 public:
  GuardedReader(Reader reader, const ReadPlan &plan, bool validates, std::vector<int> columns,
                std::shared_ptr<arrow::Schema> schema)
      : reader_(std::move(reader)),
        batch_rows_(plan.batch_rows),
        batch_bytes_(plan.batch_bytes),
        validates_(validates),
        columns_(std::move(columns)),
        schema_(std::move(schema)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *out) override {
    *out = nullptr;
    auto status = Attempt(out);
    if (status.ok()) return status;
    // The exported stream knows only text, so the letter and the row go into it here.
    return arrow::Status(status.code(), Describe(status));
  }

 private:
  arrow::Status Attempt(std::shared_ptr<arrow::RecordBatch> *out) {
    try {
      return Next(out);
    } catch (const std::bad_alloc &) {
      return arrow::Status::OutOfMemory("out of memory while reading");
    } catch (const std::exception &error) {
      return arrow::Status::Invalid(error.what());
    } catch (...) {
      return arrow::Status::Invalid("an unknown failure while reading");
    }
  }

  arrow::Status Next(std::shared_ptr<arrow::RecordBatch> *out) {
    while (!current_ || position_ >= current_->num_rows()) {
      ARROW_RETURN_NOT_OK(reader_->ReadNext(&current_));
      position_ = 0;
      if (!current_) return arrow::Status::OK();
      if (validates_) ARROW_RETURN_NOT_OK(current_->ValidateFull());
      if (static_cast<int>(columns_.size()) != current_->num_columns()) {
        ARROW_ASSIGN_OR_RAISE(current_, current_->SelectColumns(columns_));
      }
    }
    const auto rows = NextRows();
    *out = rows == current_->num_rows() ? current_ : current_->Slice(position_, rows);
    position_ += rows;
    if (position_ >= current_->num_rows()) current_ = nullptr;
    return arrow::Status::OK();
  }

  int64_t NextRows() const {
    auto rows = std::min(batch_rows_, current_->num_rows() - position_);
    while (rows > 1 && DecodedBytes(*current_, position_, rows) > batch_bytes_) rows /= 2;
    return rows;
  }

  Reader reader_;
  int64_t batch_rows_;
  int64_t batch_bytes_;
  bool validates_;
  std::vector<int> columns_;
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::RecordBatch> current_;
  int64_t position_ = 0;
};

}  // namespace

arrow::Result<Reader> Guard(Reader reader, const ReadPlan &plan, bool validates) {
  const auto whole = reader->schema();
  std::vector<int> columns;
  arrow::FieldVector fields;
  for (int index = 0; index < whole->num_fields(); index++) {
    if (!plan.wants(whole->field(index)->name())) continue;
    columns.push_back(index);
    fields.push_back(whole->field(index));
  }
  auto schema = arrow::schema(fields, whole->metadata());
  return std::make_shared<GuardedReader>(std::move(reader), plan, validates, std::move(columns),
                                         std::move(schema));
}

}  // namespace hindcast
