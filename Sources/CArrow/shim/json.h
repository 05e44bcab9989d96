// The types of JSON lines: what a column is delivered as, and what a block of lines holds.
#pragma once

#include <map>

#include "shim.h"

namespace hindcast {

// A column of the stream. Times come as text or as numbers, floats as numbers or "NaN", so what a
// block is parsed as can differ from what is delivered.
struct JsonColumn {
  std::string name;
  std::shared_ptr<arrow::DataType> delivered;
  bool is_time = false;
};

// The kinds of the fields of some lines, in order of appearance; a null type where lines disagree.
struct JsonKinds {
  std::vector<std::string> names;
  std::map<std::string, std::shared_ptr<arrow::DataType>> types;

  void Add(const arrow::Schema &schema);
  std::shared_ptr<arrow::DataType> Find(const std::string &name) const;
};

// What a column of a known type is delivered as: times, dates and binary values as text.
std::shared_ptr<arrow::DataType> DeliveredKnown(const std::shared_ptr<arrow::DataType> &type);
// What a column of unknown type is delivered as, from its kind.
std::shared_ptr<arrow::DataType> DeliveredKind(const std::shared_ptr<arrow::DataType> &kind);
// What to parse a column as, in lines where it has the given kind (null if it is not there).
std::shared_ptr<arrow::DataType> ParsedAs(const JsonColumn &column, const arrow::DataType *kind);
// A parsed array as the type that is delivered.
arrow::Result<std::shared_ptr<arrow::Array>> Deliver(const std::shared_ptr<arrow::Array> &array,
                                                     const JsonColumn &column);

}  // namespace hindcast
