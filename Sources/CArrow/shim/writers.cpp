// Record batches to Parquet, CSV and Arrow IPC.
#include "writers.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string_view>
#include <unordered_set>

#include <arrow/array/array_dict.h>
#include <arrow/csv/api.h>
#include <arrow/ipc/api.h>
#include <arrow/util/compression.h>
#include <arrow/util/io_util.h>
#include <parquet/arrow/schema.h>
#include <parquet/arrow/writer.h>
#include <unistd.h>

namespace hindcast {
namespace {

// Writes to a descriptor that may be a pipe, which libarrow's own file stream can't.
class DescriptorStream : public arrow::io::OutputStream {
 public:
  explicit DescriptorStream(int descriptor) : descriptor_(descriptor) {}

  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override { return position_; }

  arrow::Status Write(const void *data, int64_t nbytes) override {
    auto bytes = static_cast<const char *>(data);
    while (nbytes > 0) {
      const auto written = ::write(descriptor_, bytes, static_cast<size_t>(nbytes));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return arrow::internal::IOErrorFromErrno(errno, "can't be written");
      bytes += written;
      nbytes -= written;
      position_ += written;
    }
    return arrow::Status::OK();
  }
  using OutputStream::Write;

 private:
  int descriptor_;
  int64_t position_ = 0;
  bool closed_ = false;
};

class IpcSink : public BatchSink {
 public:
  explicit IpcSink(std::shared_ptr<arrow::ipc::RecordBatchWriter> writer)
      : writer_(std::move(writer)) {}
  arrow::Status Write(const arrow::RecordBatch &batch) override {
    return writer_->WriteRecordBatch(batch);
  }
  arrow::Status Close() override { return writer_->Close(); }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
};

// An Arrow file has one dictionary a column, which later batches may only add to. So each batch's
// dictionaries are brought into those of the batches before it.
class IpcFileSink : public BatchSink {
 public:
  explicit IpcFileSink(std::shared_ptr<arrow::ipc::RecordBatchWriter> writer)
      : writer_(std::move(writer)) {}

  arrow::Status Write(const arrow::RecordBatch &batch) override {
    auto columns = batch.columns();
    before_.resize(columns.size());
    for (size_t index = 0; index < columns.size(); ++index) {
      if (!HasDictionary(*columns[index]->type())) continue;
      auto &before = before_[index];
      if (before) {
        const auto both =
            std::make_shared<arrow::ChunkedArray>(arrow::ArrayVector{before, columns[index]});
        const auto unified = arrow::DictionaryUnifier::UnifyChunkedArray(both);
        if (!unified.ok()) {
          return unified.status().WithMessage(
              "column \"", batch.schema()->field(static_cast<int>(index))->name(),
              "\" has dictionaries that do not go into one, as an Arrow file needs: write Parquet, "
              "or an Arrow stream to a pipe (", unified.status().message(), ")");
        }
        columns[index] = (*unified)->chunk(1);
      }
      before = columns[index]->Slice(0, 0);
    }
    return writer_->WriteRecordBatch(
        *arrow::RecordBatch::Make(batch.schema(), batch.num_rows(), std::move(columns)));
  }
  arrow::Status Close() override { return writer_->Close(); }

 private:
  static bool HasDictionary(const arrow::DataType &type) {
    if (type.id() == arrow::Type::DICTIONARY) return true;
    return std::any_of(type.fields().begin(), type.fields().end(),
                       [](const auto &field) { return HasDictionary(*field->type()); });
  }

  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
  // Of each column with a dictionary, no rows with the dictionary so far.
  std::vector<std::shared_ptr<arrow::Array>> before_;
};

arrow::Result<arrow::Compression::type> CodecNamed(const std::string &name) {
  if (name.empty() || name == "none") return arrow::Compression::UNCOMPRESSED;
  return arrow::util::Codec::GetCompressionType(name);
}

// libarrow does not say which column has no Parquet type, so each is tried by itself.
arrow::Status NameColumn(const arrow::Schema &schema, const arrow::Status &failure) {
  for (const auto &field : schema.fields()) {
    std::shared_ptr<parquet::SchemaDescriptor> ignored;
    auto one = arrow::schema({field});
    auto status = parquet::arrow::ToParquetSchema(
        one.get(), *parquet::default_writer_properties(),
        *parquet::default_arrow_writer_properties(), &ignored);
    if (!status.ok()) {
      return arrow::Status::TypeError("column \"", field->name(), "\" of type ",
                                      field->type()->ToString(), " has no Parquet type: ",
                                      status.message());
    }
  }
  return failure;
}

// Whether so many of the first values of a column differ that a dictionary of them would be given
// up: trying costs about a third of the time that writing takes.
bool IsMostlyDistinct(const arrow::Array &column) {
  constexpr int64_t kSample = 8192;
  const auto width = column.type()->bit_width();
  const bool is_bytes = arrow::is_binary_like(column.type_id());
  if (!is_bytes && (width < 8 || width % 8 != 0)) return false;
  const auto size = static_cast<size_t>(width / 8);
  const auto *fixed = is_bytes ? nullptr : column.data()->GetValues<char>(1, 0);
  std::unordered_set<std::string_view> seen;
  const int64_t count = std::min(column.length(), kSample);
  int64_t valid = 0;
  for (int64_t row = 0; row < count; row++) {
    if (column.IsNull(row)) continue;
    valid++;
    if (is_bytes) {
      seen.insert(static_cast<const arrow::BinaryArray &>(column).GetView(row));
    } else {
      seen.insert(std::string_view(fixed + (column.offset() + row) * size, size));
    }
  }
  return valid >= 256 && static_cast<int64_t>(seen.size()) * 4 > valid;
}

// Opens the file with the first batch, whose values say which columns want dictionaries.
class ParquetSink : public BatchSink {
 public:
  ParquetSink(std::shared_ptr<arrow::Schema> schema, std::shared_ptr<arrow::io::OutputStream> sink,
              const HindcastWriteOptions &options, arrow::Compression::type codec)
      : schema_(std::move(schema)),
        sink_(std::move(sink)),
        group_rows_(std::max<int64_t>(1, options.row_group_rows)),
        group_bytes_(options.row_group_bytes) {
    builder_.compression(codec);
    if (options.level != INT_MIN) builder_.compression_level(options.level);
    builder_.max_row_group_length(group_rows_);
    builder_.version(parquet::ParquetVersion::PARQUET_2_6);
  }

  arrow::Status Write(const arrow::RecordBatch &batch) override {
    if (!writer_) {
      for (int i = 0; i < batch.num_columns(); i++) {
        if (IsMostlyDistinct(*batch.column(i))) {
          builder_.disable_dictionary(batch.schema()->field(i)->name());
        }
      }
      ARROW_RETURN_NOT_OK(Open());
    }
    if (bytes_ >= group_bytes_) {
      ARROW_RETURN_NOT_OK(writer_->NewBufferedRowGroup());
      rows_ = bytes_ = 0;
    }
    rows_ += batch.num_rows();
    bytes_ += DecodedBytes(batch, 0, batch.num_rows());
    if (rows_ > group_rows_) {
      // The writer begins row groups by itself; the last one has what is beyond the others.
      const auto rows = rows_ % group_rows_;
      bytes_ = bytes_ / rows_ * rows;
      rows_ = rows;
    }
    return writer_->WriteRecordBatch(batch);
  }

  arrow::Status Close() override {
    if (!writer_) ARROW_RETURN_NOT_OK(Open());
    return writer_->Close();
  }

 private:
  arrow::Status Open() {
    auto arrow_properties =
        parquet::ArrowWriterProperties::Builder().store_schema()->set_use_threads(true)->build();
    return parquet::arrow::FileWriter::Open(*schema_, arrow::default_memory_pool(), sink_,
                                            builder_.build(), arrow_properties)
        .Value(&writer_);
  }

  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::io::OutputStream> sink_;
  int64_t group_rows_;
  int64_t group_bytes_;
  // Of the row group that is being written, about.
  int64_t rows_ = 0;
  int64_t bytes_ = 0;
  parquet::WriterProperties::Builder builder_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

arrow::Result<std::unique_ptr<BatchSink>> MakeParquet(
    const std::shared_ptr<arrow::Schema> &schema,
    const std::shared_ptr<arrow::io::OutputStream> &sink, const HindcastWriteOptions &options) {
  ARROW_ASSIGN_OR_RAISE(auto codec, CodecNamed(options.codec ? options.codec : ""));
  // Parquet's own kind is blocks without frames.
  if (codec == arrow::Compression::LZ4_FRAME) codec = arrow::Compression::LZ4;
  std::shared_ptr<parquet::SchemaDescriptor> ignored;
  auto possible =
      parquet::arrow::ToParquetSchema(schema.get(), *parquet::default_writer_properties(),
                                      *parquet::default_arrow_writer_properties(), &ignored);
  if (!possible.ok()) return NameColumn(*schema, possible);
  return std::make_unique<ParquetSink>(schema, sink, options, codec);
}

bool NeedsQuotes(const arrow::Schema &schema) {
  for (const auto &field : schema.fields()) {
    if (field->name().find_first_of(",\"\r\n") != std::string::npos || field->name().empty()) {
      return true;
    }
  }
  return false;
}

arrow::Result<std::unique_ptr<BatchSink>> MakeCsv(
    const std::shared_ptr<arrow::Schema> &schema,
    const std::shared_ptr<arrow::io::OutputStream> &sink) {
  auto options = arrow::csv::WriteOptions::Defaults();
  if (!NeedsQuotes(*schema)) options.quoting_header = arrow::csv::QuotingStyle::None;
  ARROW_ASSIGN_OR_RAISE(auto writer, arrow::csv::MakeCSVWriter(sink, schema, options));
  return std::make_unique<IpcSink>(std::move(writer));
}

arrow::Result<std::unique_ptr<BatchSink>> MakeIpc(
    const std::shared_ptr<arrow::Schema> &schema,
    const std::shared_ptr<arrow::io::OutputStream> &sink, const HindcastWriteOptions &options) {
  auto ipc = arrow::ipc::IpcWriteOptions::Defaults();
  ARROW_ASSIGN_OR_RAISE(auto codec, CodecNamed(options.codec ? options.codec : ""));
  if (codec == arrow::Compression::LZ4) codec = arrow::Compression::LZ4_FRAME;
  if (codec != arrow::Compression::UNCOMPRESSED) {
    ARROW_ASSIGN_OR_RAISE(auto made, options.level == INT_MIN
                                         ? arrow::util::Codec::Create(codec)
                                         : arrow::util::Codec::Create(codec, options.level));
    ipc.codec = std::move(made);
  }
  if (options.as_stream) {
    ARROW_ASSIGN_OR_RAISE(auto writer, arrow::ipc::MakeStreamWriter(sink, schema, ipc));
    return std::make_unique<IpcSink>(std::move(writer));
  }
  ipc.emit_dictionary_deltas = true;
  ARROW_ASSIGN_OR_RAISE(auto writer, arrow::ipc::MakeFileWriter(sink, schema, ipc));
  return std::make_unique<IpcFileSink>(std::move(writer));
}

}  // namespace

arrow::Status OpenWriter(const HindcastWriteOptions &options, ArrowSchema *schema,
                         HindcastTableWriter *writer) {
  ARROW_ASSIGN_OR_RAISE(writer->schema, arrow::ImportSchema(schema));
  ARROW_ASSIGN_OR_RAISE(
      writer->file,
      arrow::io::BufferedOutputStream::Create(
          1 << 17, arrow::default_memory_pool(),
          std::make_shared<DescriptorStream>(options.descriptor)));
  switch (options.format) {
    case HINDCAST_PARQUET:
      return MakeParquet(writer->schema, writer->file, options).Value(&writer->sink);
    case HINDCAST_CSV:
      return MakeCsv(writer->schema, writer->file).Value(&writer->sink);
    case HINDCAST_ARROW_IPC:
      return MakeIpc(writer->schema, writer->file, options).Value(&writer->sink);
    default:
      return arrow::Status::NotImplemented("no writer for this format");
  }
}

}  // namespace hindcast
