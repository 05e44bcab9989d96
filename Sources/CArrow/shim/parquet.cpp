// Parquet as a stream of record batches that are no larger than asked for.
#include <algorithm>
#include <future>

#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/size_statistics.h>

#include "shim.h"

namespace hindcast {
namespace {

// The most that is read of a column at once, and the least.
constexpr int64_t kMostBuffer = 1 << 20;
constexpr int64_t kLeastBuffer = 16 << 10;
// Rows of the first batch where nothing says how large they are once decoded, and how many times as
// many the next may have.
constexpr int64_t kFirstRows = 1024;
constexpr int64_t kGrowth = 4;
// A dictionary comes with each batch of a row group anew, and no batch goes on into the next: both
// must be small beside the rows.
constexpr int64_t kDictionaryRows = 16384;
constexpr int64_t kDictionaryBytesPerRow = 4;

struct RowGroup {
  int64_t rows = 0;
  int64_t bytes_per_row = 0;
};

// The bytes of a value of fixed width; -1 for others.
int64_t Width(const parquet::ColumnDescriptor &column) {
  switch (column.physical_type()) {
    case parquet::Type::BYTE_ARRAY:
      return -1;
    case parquet::Type::FIXED_LEN_BYTE_ARRAY:
      return column.type_length();
    case parquet::Type::BOOLEAN:
      return 1;
    default:
      return parquet::GetTypeByteSize(column.physical_type());
  }
}

// What the file says of its row groups, and whether that is all of what they take decoded: the
// bytes of a dictionary's texts count once, however often they are met.
std::vector<RowGroup> Describe(const parquet::FileMetaData &file, const std::vector<int> &leaves,
                               bool *is_certain) {
  *is_certain = true;
  std::vector<RowGroup> groups(file.num_row_groups());
  for (int index = 0; index < file.num_row_groups(); index++) {
    const auto metadata = file.RowGroup(index);
    auto &group = groups[index];
    group.rows = std::max<int64_t>(1, metadata->num_rows());
    int64_t bytes = 0;
    for (int leaf : leaves) {
      const auto chunk = metadata->ColumnChunk(leaf);
      const auto width = Width(*file.schema()->Column(leaf));
      int64_t decoded = std::max<int64_t>(0, width) * chunk->num_values();
      if (width < 0) {
        const auto statistics = chunk->size_statistics();
        const bool is_known =
            statistics && statistics->unencoded_byte_array_data_bytes.has_value();
        if (is_known) decoded = *statistics->unencoded_byte_array_data_bytes;
        *is_certain = *is_certain && is_known;
      }
      bytes += std::max(decoded, chunk->total_uncompressed_size());
    }
    group.bytes_per_row = bytes / group.rows + 1;
  }
  return groups;
}

// Whether a column has so few different texts that indices and dictionary are what to ask for:
// libarrow copies one text at a time otherwise.
bool HasFewTexts(const parquet::FileMetaData &file, int leaf) {
  const auto &column = *file.schema()->Column(leaf);
  if (column.physical_type() != parquet::Type::BYTE_ARRAY ||
      column.path()->ToDotVector().size() != 1) {
    return false;
  }
  for (int index = 0; index < file.num_row_groups(); index++) {
    const auto metadata = file.RowGroup(index);
    const auto chunk = metadata->ColumnChunk(leaf);
    const bool is_last = index + 1 == file.num_row_groups();
    if (!chunk->has_dictionary_page() ||
        (metadata->num_rows() < kDictionaryRows && !is_last) ||
        chunk->total_uncompressed_size() > kDictionaryBytesPerRow * metadata->num_rows()) {
      return false;
    }
  }
  return file.num_row_groups() > 0;
}

// Asks for as many rows at a time as the last ones and the file's directory lead to expect. Reads a
// batch while the one before is used.
class ParquetBatches : public arrow::RecordBatchReader {
 public:
  ParquetBatches(std::unique_ptr<parquet::arrow::FileReader> file,
                 std::unique_ptr<arrow::RecordBatchReader> batches, std::vector<RowGroup> groups,
                 bool is_certain, bool has_dictionaries, const ReadPlan &plan)
      : file_(std::move(file)),
        batches_(std::move(batches)),
        groups_(std::move(groups)),
        most_rows_(is_certain ? plan.batch_rows : std::min(plan.batch_rows, kFirstRows)),
        batch_rows_(plan.batch_rows),
        batch_bytes_(plan.batch_bytes),
        has_dictionaries_(has_dictionaries) {}

  std::shared_ptr<arrow::Schema> schema() const override { return batches_->schema(); }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *out) override {
    auto read = ahead_.valid() ? ahead_.get() : ReadRows(NextRows());
    ARROW_ASSIGN_OR_RAISE(*out, std::move(read));
    if (!*out || (*out)->num_rows() == 0) return arrow::Status::OK();
    const auto rows = (*out)->num_rows();
    bytes_per_row_ = DecodedBytes(**out, 0, rows) / rows + 1;
    most_rows_ = std::min(batch_rows_, most_rows_ * kGrowth);
    row_ += rows;
    while (group_ < groups_.size() && row_ >= groups_[group_].rows) {
      row_ -= groups_[group_].rows;
      group_ += 1;
    }
    // Where no thread is to be had, the batch is read when it is asked for.
    ahead_ = std::async(std::launch::async | std::launch::deferred,
                        [this, rows = NextRows()] { return ReadRows(rows); });
    return arrow::Status::OK();
  }

 private:
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> ReadRows(int64_t rows) {
    file_->set_batch_size(rows);
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(batches_->ReadNext(&batch));
    return batch;
  }

  int64_t NextRows() const {
    auto rows = std::min(most_rows_, batch_bytes_ / bytes_per_row_);
    // No batch goes on into a row group whose rows are larger than it has room for.
    int64_t end = -row_;
    for (auto group = group_; group < groups_.size() && end < rows; group++) {
      rows = std::min(rows, std::max(end, batch_bytes_ / groups_[group].bytes_per_row));
      end += groups_[group].rows;
    }
    rows = std::max<int64_t>(1, rows);
    if (!has_dictionaries_ || group_ >= groups_.size()) return rows;
    // The rest of the row group in equal parts, for it would be cut at the group's end.
    const auto rest = groups_[group_].rows - row_;
    const auto parts = (rest + rows - 1) / rows;
    return (rest + parts - 1) / parts;
  }

  std::unique_ptr<parquet::arrow::FileReader> file_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;
  std::vector<RowGroup> groups_;
  int64_t most_rows_;
  int64_t batch_rows_;
  int64_t batch_bytes_;
  bool has_dictionaries_;
  // Of the last batch.
  int64_t bytes_per_row_ = 1;
  // Where the next batch begins.
  size_t group_ = 0;
  int64_t row_ = 0;
  // The last member: what it does uses the others until it is done.
  std::future<arrow::Result<std::shared_ptr<arrow::RecordBatch>>> ahead_;
};

}  // namespace

arrow::Result<Reader> OpenParquet(const ReadPlan &plan) {
  if (plan.path == "-") {
    return arrow::Status::Invalid(
        "a Parquet file has its directory at the end, so it can't be read from standard input");
  }
  ARROW_ASSIGN_OR_RAISE(auto input, arrow::io::ReadableFile::Open(plan.path));
  const auto metadata = parquet::ReadMetaData(input);
  std::vector<int> leaves;
  for (int index = 0; index < metadata->num_columns(); index++) {
    if (plan.wants(metadata->schema()->GetColumnRoot(index)->name())) leaves.push_back(index);
  }
  std::vector<int> groups(metadata->num_row_groups());
  for (size_t index = 0; index < groups.size(); index++) groups[index] = static_cast<int>(index);

  auto properties = parquet::default_reader_properties();
  properties.enable_buffered_stream();
  const auto share = plan.batch_bytes / std::max<int64_t>(1, leaves.size());
  properties.set_buffer_size(std::clamp(share, kLeastBuffer, kMostBuffer));
  auto arrow_properties = parquet::default_arrow_reader_properties();
  arrow_properties.set_pre_buffer(false);
  arrow_properties.set_use_threads(true);
  bool has_dictionaries = false;
  for (int leaf : leaves) {
    if (!plan.as_dictionaries || !HasFewTexts(*metadata, leaf)) continue;
    arrow_properties.set_read_dictionary(leaf, true);
    has_dictionaries = true;
  }
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(input, properties, metadata));
  std::unique_ptr<parquet::arrow::FileReader> file;
  ARROW_RETURN_NOT_OK(builder.properties(arrow_properties)->Build(&file));
  ARROW_ASSIGN_OR_RAISE(auto batches, file->GetRecordBatchReader(groups, leaves));
  bool is_certain = false;
  auto sizes = Describe(*metadata, leaves, &is_certain);
  return std::make_shared<ParquetBatches>(std::move(file), std::move(batches), std::move(sizes),
                                          is_certain, has_dictionaries, plan);
}

}  // namespace hindcast
