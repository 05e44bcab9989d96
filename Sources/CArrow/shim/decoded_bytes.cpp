// What rows take once they are columns of their plain types.
#include <arrow/util/bit_util.h>

#include "shim.h"

namespace hindcast {
namespace {

template <typename Offset>
std::pair<int64_t, int64_t> Span(const arrow::ArrayData &data, int64_t start, int64_t rows) {
  const auto offsets = data.GetValues<Offset>(1);
  if (!offsets || rows == 0) return {0, 0};
  return {offsets[start], offsets[start + rows] - offsets[start]};
}

int64_t Bytes(const arrow::ArrayData &data, int64_t start, int64_t rows);

template <typename Offset>
int64_t ListBytes(const arrow::ArrayData &data, int64_t start, int64_t rows) {
  const auto [first, count] = Span<Offset>(data, start, rows);
  return static_cast<int64_t>(sizeof(Offset)) * rows + Bytes(*data.child_data[0], first, count);
}

template <typename Offset>
int64_t TextBytes(const arrow::ArrayData &data, int64_t start, int64_t rows) {
  return static_cast<int64_t>(sizeof(Offset)) * rows + Span<Offset>(data, start, rows).second;
}

int64_t ViewBytes(const arrow::ArrayData &data, int64_t start, int64_t rows) {
  const auto views = data.GetValues<arrow::BinaryViewType::c_type>(1);
  int64_t bytes = 4 * rows;
  for (int64_t row = start; views && row < start + rows; row++) {
    if (data.IsValid(row)) bytes += views[row].size();
  }
  return bytes;
}

// An index, read without its sign, that points to no value is damage, which others report.
template <typename Index>
int64_t IndexedBytes(const arrow::ArrayData &data, const std::vector<int64_t> &bytes_of_value,
                     int64_t start, int64_t rows) {
  const auto indices = data.GetValues<Index>(1);
  int64_t bytes = 0;
  for (int64_t row = start; indices && row < start + rows; row++) {
    if (indices[row] < bytes_of_value.size()) bytes += bytes_of_value[indices[row]];
  }
  return bytes;
}

int64_t DictionaryBytes(const arrow::ArrayData &data, int64_t start, int64_t rows) {
  std::vector<int64_t> bytes_of_value(data.dictionary->length);
  for (size_t value = 0; value < bytes_of_value.size(); value++) {
    bytes_of_value[value] = Bytes(*data.dictionary, static_cast<int64_t>(value), 1);
  }
  switch (static_cast<const arrow::DictionaryType &>(*data.type).index_type()->bit_width()) {
    case 8:
      return IndexedBytes<uint8_t>(data, bytes_of_value, start, rows);
    case 16:
      return IndexedBytes<uint16_t>(data, bytes_of_value, start, rows);
    case 32:
      return IndexedBytes<uint32_t>(data, bytes_of_value, start, rows);
    default:
      return IndexedBytes<uint64_t>(data, bytes_of_value, start, rows);
  }
}

// Rows from `start`, counted from the data's own offset.
int64_t Bytes(const arrow::ArrayData &data, int64_t start, int64_t rows) {
  switch (data.type->id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      return TextBytes<int32_t>(data, start, rows);
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      return TextBytes<int64_t>(data, start, rows);
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY_VIEW:
      return ViewBytes(data, start, rows);
    case arrow::Type::LIST:
    case arrow::Type::MAP:
      return ListBytes<int32_t>(data, start, rows);
    case arrow::Type::LARGE_LIST:
      return ListBytes<int64_t>(data, start, rows);
    case arrow::Type::FIXED_SIZE_LIST: {
      const int64_t size = static_cast<const arrow::FixedSizeListType &>(*data.type).list_size();
      return Bytes(*data.child_data[0], (data.offset + start) * size, rows * size);
    }
    case arrow::Type::STRUCT: {
      int64_t bytes = 0;
      for (const auto &child : data.child_data) bytes += Bytes(*child, data.offset + start, rows);
      return bytes;
    }
    case arrow::Type::DICTIONARY:
      return DictionaryBytes(data, start, rows);
    default: {
      const auto width = arrow::is_fixed_width(*data.type) ? data.type->bit_width() : 0;
      return arrow::bit_util::BytesForBits(width * rows);
    }
  }
}

}  // namespace

int64_t DecodedBytes(const arrow::RecordBatch &batch, int64_t start, int64_t rows) {
  int64_t bytes = 0;
  for (const auto &column : batch.column_data()) bytes += Bytes(*column, start, rows);
  return bytes;
}

}  // namespace hindcast
