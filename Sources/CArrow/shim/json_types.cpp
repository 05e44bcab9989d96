#include <charconv>
#include <limits>

#include "json.h"

namespace hindcast {
namespace {

using TypePointer = std::shared_ptr<arrow::DataType>;

bool IsFloat(const arrow::DataType &type) {
  return type.id() == arrow::Type::FLOAT || type.id() == arrow::Type::DOUBLE;
}

bool IsNumber(const arrow::DataType &type) {
  return type.id() == arrow::Type::INT64 || type.id() == arrow::Type::DOUBLE;
}

// libarrow takes text that looks like a time for one, and would lose how it was written.
bool IsText(const arrow::DataType &type) {
  return type.id() == arrow::Type::STRING || type.id() == arrow::Type::TIMESTAMP;
}

TypePointer Merge(const TypePointer &a, const TypePointer &b) {
  if (!a || !b) return nullptr;
  if (a->Equals(*b) || b->id() == arrow::Type::NA) return a;
  if (a->id() == arrow::Type::NA) return b;
  if (IsNumber(*a) && IsNumber(*b)) return arrow::float64();
  if (IsText(*a) && IsText(*b)) return arrow::utf8();
  if (a->id() == arrow::Type::LIST && b->id() == arrow::Type::LIST) {
    auto element = Merge(a->field(0)->type(), b->field(0)->type());
    return element ? arrow::list(element) : nullptr;
  }
  if (a->id() == arrow::Type::STRUCT && b->id() == arrow::Type::STRUCT) {
    JsonKinds kinds;
    kinds.Add(arrow::Schema(a->fields()));
    kinds.Add(arrow::Schema(b->fields()));
    arrow::FieldVector fields;
    for (const auto &name : kinds.names) {
      if (!kinds.Find(name)) return nullptr;
      fields.push_back(arrow::field(name, kinds.Find(name)));
    }
    return arrow::struct_(fields);
  }
  return nullptr;
}

arrow::Result<std::shared_ptr<arrow::Array>> IntegersToText(const arrow::Int64Array &array) {
  arrow::StringBuilder builder;
  for (int64_t index = 0; index < array.length(); index++) {
    ARROW_RETURN_NOT_OK(array.IsNull(index) ? builder.AppendNull()
                                            : builder.Append(std::to_string(array.Value(index))));
  }
  return builder.Finish();
}

template <typename Number>
arrow::Result<Number> ToFloat(std::string_view text, bool takes_digits) {
  if (text == "NaN") return std::numeric_limits<Number>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<Number>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<Number>::infinity();
  Number number;
  if (takes_digits) {
    const auto end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec == std::errc() && parsed.ptr == end) return number;
  }
  return arrow::Status::Invalid("the text \"", text.substr(0, 60),
                                "\" is no number; besides numbers, only \"NaN\", "
                                "\"Infinity\" and \"-Infinity\" are");
}

template <typename Builder, typename Number>
arrow::Result<std::shared_ptr<arrow::Array>> TextToFloats(const arrow::StringArray &array,
                                                          bool takes_digits) {
  Builder builder;
  for (int64_t index = 0; index < array.length(); index++) {
    if (array.IsNull(index)) {
      ARROW_RETURN_NOT_OK(builder.AppendNull());
      continue;
    }
    ARROW_ASSIGN_OR_RAISE(auto number, ToFloat<Number>(array.GetView(index), takes_digits));
    ARROW_RETURN_NOT_OK(builder.Append(number));
  }
  return builder.Finish();
}

arrow::Result<std::shared_ptr<arrow::Array>> Floats(const arrow::Array &array,
                                                    const arrow::DataType &type,
                                                    bool takes_digits) {
  const auto &text = static_cast<const arrow::StringArray &>(array);
  return type.id() == arrow::Type::FLOAT
             ? TextToFloats<arrow::FloatBuilder, float>(text, takes_digits)
             : TextToFloats<arrow::DoubleBuilder, double>(text, takes_digits);
}

bool IsFloatList(const arrow::DataType &type) {
  return type.id() == arrow::Type::LIST && IsFloat(*type.field(0)->type());
}

bool IsTextList(const arrow::DataType &type) {
  return type.id() == arrow::Type::LIST && type.field(0)->type()->id() == arrow::Type::STRING;
}

}  // namespace

void JsonKinds::Add(const arrow::Schema &schema) {
  for (const auto &field : schema.fields()) {
    auto [entry, is_new] = types.try_emplace(field->name(), field->type());
    if (is_new) {
      names.push_back(field->name());
    } else {
      entry->second = Merge(entry->second, field->type());
    }
  }
}

TypePointer JsonKinds::Find(const std::string &name) const {
  auto entry = types.find(name);
  return entry == types.end() ? nullptr : entry->second;
}

TypePointer DeliveredKnown(const TypePointer &type) {
  switch (type->id()) {
    case arrow::Type::TIMESTAMP:
    case arrow::Type::DATE32:
    case arrow::Type::BINARY:
    case arrow::Type::STRING:
      return arrow::utf8();
    case arrow::Type::LIST:
    case arrow::Type::FIXED_SIZE_LIST:
      return arrow::list(DeliveredKnown(type->field(0)->type()));
    default:
      return type;
  }
}

TypePointer DeliveredKind(const TypePointer &kind) {
  switch (kind->id()) {
    case arrow::Type::NA:
    case arrow::Type::TIMESTAMP:
      return arrow::utf8();
    case arrow::Type::LIST:
      return arrow::list(DeliveredKind(kind->field(0)->type()));
    case arrow::Type::STRUCT: {
      arrow::FieldVector fields;
      for (const auto &field : kind->fields()) {
        fields.push_back(field->WithType(DeliveredKind(field->type())));
      }
      return arrow::struct_(fields);
    }
    default:
      return kind;
  }
}

TypePointer ParsedAs(const JsonColumn &column, const arrow::DataType *kind) {
  if (kind && column.is_time && kind->id() == arrow::Type::INT64) return arrow::int64();
  if (kind && IsFloat(*column.delivered) && kind->id() == arrow::Type::STRING) {
    return arrow::utf8();
  }
  // An array that holds NaN is written as an array of texts: one kind an array.
  if (kind && IsFloatList(*column.delivered) && IsTextList(*kind)) {
    return arrow::list(arrow::utf8());
  }
  return column.delivered;
}

arrow::Result<std::shared_ptr<arrow::Array>> Deliver(const std::shared_ptr<arrow::Array> &array,
                                                     const JsonColumn &column) {
  if (array->type()->Equals(*column.delivered)) return array;
  if (array->type_id() == arrow::Type::INT64 && column.is_time) {
    return IntegersToText(static_cast<const arrow::Int64Array &>(*array));
  }
  if (array->type_id() == arrow::Type::STRING && IsFloat(*column.delivered)) {
    return Floats(*array, *column.delivered, false);
  }
  if (IsTextList(*array->type()) && IsFloatList(*column.delivered)) {
    const auto &lists = static_cast<const arrow::ListArray &>(*array);
    ARROW_ASSIGN_OR_RAISE(auto elements,
                          Floats(*lists.values(), *column.delivered->field(0)->type(), true));
    return std::make_shared<arrow::ListArray>(column.delivered, lists.length(),
                                              lists.value_offsets(), elements,
                                              lists.null_bitmap(), lists.null_count());
  }
  return arrow::Status::Invalid("column \"", column.name, "\" changes its type");
}

}  // namespace hindcast
