#include <cerrno>
#include <cstring>

#include <arrow/util/io_util.h>

#include "shim.h"

namespace hindcast {

arrow::Status InvalidRow(int64_t row, const std::string &message) {
  return arrow::Status(arrow::StatusCode::Invalid, message, std::make_shared<RowDetail>(row));
}

std::string Describe(const arrow::Status &status) {
  if (auto detail = status.detail(); detail && detail->type_id() == RowDetail(0).type_id()) {
    auto row = std::static_pointer_cast<RowDetail>(detail)->row();
    return "R" + std::to_string(row) + " " + status.message();
  }
  const char *letter = "I ";
  if (arrow::internal::ErrnoFromStatus(status) == EPIPE) {
    letter = "P ";
  } else if (int code = arrow::internal::ErrnoFromStatus(status); code != 0) {
    return "S " + status.message() + ": " + std::strerror(code);
  } else if (status.IsNotImplemented() || status.IsTypeError()) {
    letter = "T ";
  } else if (status.IsOutOfMemory() || status.IsCapacityError()) {
    letter = "L ";
  }
  return letter + status.message();
}

bool ReadPlan::wants(const std::string &name) const {
  if (!has_columns) return true;
  for (const auto &column : columns) {
    if (column == name) return true;
  }
  return false;
}

}  // namespace hindcast
