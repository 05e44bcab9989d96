// Record batches to Parquet, CSV and Arrow IPC.
#include "writers.h"

#include <cerrno>
#include <climits>

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

class ParquetSink : public BatchSink {
 public:
  explicit ParquetSink(std::unique_ptr<parquet::arrow::FileWriter> writer)
      : writer_(std::move(writer)) {}
  arrow::Status Write(const arrow::RecordBatch &batch) override {
    return writer_->WriteRecordBatch(batch);
  }
  arrow::Status Close() override { return writer_->Close(); }

 private:
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
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

arrow::Result<std::unique_ptr<BatchSink>> MakeParquet(
    const std::shared_ptr<arrow::Schema> &schema,
    const std::shared_ptr<arrow::io::OutputStream> &sink, const HindcastWriteOptions &options) {
  ARROW_ASSIGN_OR_RAISE(auto codec, CodecNamed(options.codec ? options.codec : ""));
  parquet::WriterProperties::Builder builder;
  builder.compression(codec);
  if (options.level != INT_MIN) builder.compression_level(options.level);
  builder.max_row_group_length(std::max<int64_t>(1, options.row_group_rows));
  builder.version(parquet::ParquetVersion::PARQUET_2_6);
  auto arrow_properties =
      parquet::ArrowWriterProperties::Builder().store_schema()->set_use_threads(true)->build();
  auto opened = parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(), sink,
                                                 builder.build(), arrow_properties);
  if (!opened.ok()) return NameColumn(*schema, opened.status());
  return std::make_unique<ParquetSink>(opened.MoveValueUnsafe());
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
  ARROW_ASSIGN_OR_RAISE(auto writer, options.as_stream
                                         ? arrow::ipc::MakeStreamWriter(sink, schema, ipc)
                                         : arrow::ipc::MakeFileWriter(sink, schema, ipc));
  return std::make_unique<IpcSink>(std::move(writer));
}

}  // namespace

arrow::Status OpenWriter(const HindcastWriteOptions &options, ArrowSchema *schema,
                         HindcastTableWriter *writer) {
  ARROW_ASSIGN_OR_RAISE(writer->schema, arrow::ImportSchema(schema));
  ARROW_ASSIGN_OR_RAISE(
      writer->file,
      arrow::io::BufferedOutputStream::Create(
          1 << 20, arrow::default_memory_pool(),
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
