// CSV and Arrow IPC as streams of record batches.
#include <arrow/csv/api.h>
#include <arrow/io/stdio.h>
#include <arrow/ipc/api.h>
#include <arrow/util/compression.h>

#include "shim.h"

namespace hindcast {
namespace {

constexpr int64_t kBlockBytes = 1 << 20;

class IpcFileBatches : public arrow::RecordBatchReader {
 public:
  explicit IpcFileBatches(std::shared_ptr<arrow::ipc::RecordBatchFileReader> file)
      : file_(std::move(file)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return file_->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *out) override {
    *out = nullptr;
    if (next_ >= file_->num_record_batches()) return arrow::Status::OK();
    return file_->ReadRecordBatch(next_++).Value(out);
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file_;
  int next_ = 0;
};

// What the parser said of the first row whose number of cells is wrong.
struct BadRow {
  bool is_set = false;
  int64_t number = 0;
  std::string message;
};

// The parser wants each row to end in the block after the one that it begins in.
arrow::Status LongRow(const arrow::Status &status, int64_t rows_before) {
  if (status.message().find("straddling") == std::string::npos) return status;
  return arrow::Status::Invalid("a row after row ", rows_before, " takes more than ",
                                kBlockBytes >> 20,
                                " MiB, as no row of a CSV file may: write such values to Parquet "
                                "or JSON lines, or close the quotes of a value that runs on");
}

class CsvBatches : public arrow::RecordBatchReader {
 public:
  CsvBatches(std::shared_ptr<arrow::csv::StreamingReader> reader, std::shared_ptr<BadRow> bad_row)
      : reader_(std::move(reader)), bad_row_(std::move(bad_row)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return reader_->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *out) override {
    auto status = reader_->ReadNext(out);
    if (status.ok()) {
      if (*out) rows_ += (*out)->num_rows();
      return status;
    }
    if (bad_row_->is_set) return InvalidRow(bad_row_->number, bad_row_->message);
    return LongRow(status, rows_);
  }

 private:
  std::shared_ptr<arrow::csv::StreamingReader> reader_;
  std::shared_ptr<BadRow> bad_row_;
  int64_t rows_ = 0;
};

arrow::csv::ParseOptions CsvParsing(std::shared_ptr<BadRow> bad_row, bool keeps_empty_lines) {
  auto options = arrow::csv::ParseOptions::Defaults();
  options.newlines_in_values = true;
  options.ignore_empty_lines = !keeps_empty_lines;
  options.invalid_row_handler = [bad_row](const arrow::csv::InvalidRow &row) {
    if (!bad_row->is_set) {
      bad_row->is_set = true;
      bad_row->number = row.number < 0 ? 0 : row.number - 1;
      bad_row->message = "the row has " + std::to_string(row.actual_columns) +
                         " cells, the header has " + std::to_string(row.expected_columns) + ": " +
                         std::string(row.text.substr(0, 120));
    }
    return arrow::csv::InvalidRowResult::Error;
  };
  return options;
}

arrow::Result<Reader> MakeCsv(const ReadPlan &plan, bool keeps_empty_lines) {
  ARROW_ASSIGN_OR_RAISE(auto input, OpenText(plan));
  auto reading = arrow::csv::ReadOptions::Defaults();
  // Rows are only numbered when one thread parses; bad rows must be named.
  reading.use_threads = false;
  reading.block_size = kBlockBytes;
  auto converting = arrow::csv::ConvertOptions::Defaults();
  converting.check_utf8 = false;  // checked by the importer, which can name the row
  converting.default_column_type = arrow::utf8();
  converting.null_values = {""};
  if (plan.has_null_text) converting.null_values.push_back(plan.null_text);
  converting.strings_can_be_null = true;
  converting.quoted_strings_can_be_null = false;
  auto bad_row = std::make_shared<BadRow>();
  auto made = arrow::csv::StreamingReader::Make(arrow::io::default_io_context(), std::move(input),
                                                reading, CsvParsing(bad_row, keeps_empty_lines),
                                                converting);
  if (!made.ok()) {
    return bad_row->is_set ? InvalidRow(bad_row->number, bad_row->message)
                           : LongRow(made.status(), 0);
  }
  return std::make_shared<CsvBatches>(made.MoveValueUnsafe(), bad_row);
}

}  // namespace

arrow::Result<std::shared_ptr<arrow::io::InputStream>> OpenText(const ReadPlan &plan) {
  std::shared_ptr<arrow::io::InputStream> input;
  if (plan.path == "-") {
    input = std::make_shared<arrow::io::StdinStream>();
  } else {
    ARROW_ASSIGN_OR_RAISE(input, arrow::io::ReadableFile::Open(plan.path));
  }
  if (plan.compression == HINDCAST_PLAIN) return input;
  const auto type = plan.compression == HINDCAST_GZIP ? arrow::Compression::GZIP
                                                      : arrow::Compression::ZSTD;
  ARROW_ASSIGN_OR_RAISE(auto codec, arrow::util::Codec::Create(type));
  // The stream refers to the codec only while it is made.
  ARROW_ASSIGN_OR_RAISE(auto stream, arrow::io::CompressedInputStream::Make(codec.get(), input));
  return stream;
}

arrow::Result<Reader> OpenCsv(const ReadPlan &plan) {
  ARROW_ASSIGN_OR_RAISE(auto reader, MakeCsv(plan, false));
  // In a file of one column an empty line is a null cell, not a line to skip.
  if (plan.path != "-" && reader->schema()->num_fields() == 1) return MakeCsv(plan, true);
  return reader;
}

arrow::Result<Reader> OpenIpc(const ReadPlan &plan) {
  if (plan.path == "-") {
    return arrow::ipc::RecordBatchStreamReader::Open(std::make_shared<arrow::io::StdinStream>());
  }
  ARROW_ASSIGN_OR_RAISE(auto file, arrow::io::ReadableFile::Open(plan.path));
  ARROW_ASSIGN_OR_RAISE(auto magic, file->ReadAt(0, 6));
  if (magic->ToString() != "ARROW1") {
    ARROW_RETURN_NOT_OK(file->Seek(0));
    return arrow::ipc::RecordBatchStreamReader::Open(file);
  }
  // A file is often one batch as long as the file: mapped, only the pages in use take memory.
  ARROW_ASSIGN_OR_RAISE(auto mapped,
                        arrow::io::MemoryMappedFile::Open(plan.path, arrow::io::FileMode::READ));
  ARROW_ASSIGN_OR_RAISE(auto reader, arrow::ipc::RecordBatchFileReader::Open(mapped));
  return std::make_shared<IpcFileBatches>(std::move(reader));
}

}  // namespace hindcast
