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
    case arrow::Type::DICTIONARY: {
      // As if every value of the dictionary were met as often as any other.
      const auto &values = *data.dictionary;
      if (values.length == 0) return 0;
      return static_cast<int64_t>(static_cast<double>(Bytes(values, 0, values.length)) /
                                  static_cast<double>(values.length) * static_cast<double>(rows));
    }
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
