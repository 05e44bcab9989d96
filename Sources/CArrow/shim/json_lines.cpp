// JSON lines in blocks. A block that can't be parsed as a whole is halved until the lines that have
// another kind, or the line that is wrong, stand alone.
#include <algorithm>
#include <deque>

#include <arrow/json/api.h>

#include "json.h"

namespace hindcast {
namespace {

constexpr int64_t kBlockBytes = 1 << 20;
constexpr size_t kLineLimit = size_t{256} << 20;
// The parser calls itself for every level, and types in columns have at most 64.
constexpr int64_t kDepthLimit = 60;

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

// The lines of a block that are not blank.
std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    if (!IsBlank(line)) lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

int64_t Openings(std::string_view text) {
  return std::count(text.begin(), text.end(), '[') + std::count(text.begin(), text.end(), '{');
}

// Whether arrays and objects lie inside each other too deep to be parsed.
bool IsTooDeep(std::string_view line) {
  if (Openings(line) <= kDepthLimit) return false;
  int64_t depth = 0;
  bool in_text = false;
  for (size_t index = 0; index < line.size(); index++) {
    const char byte = line[index];
    if (in_text && byte == '\\') {
      index++;
    } else if (byte == '"') {
      in_text = !in_text;
    } else if (!in_text) {
      if (byte == '[' || byte == '{') depth++;
      if (byte == ']' || byte == '}') depth--;
      if (depth > kDepthLimit) return true;
    }
  }
  return false;
}

// Some consecutive lines of the file.
struct Block {
  std::vector<std::string_view> lines;
  int64_t first_row = 1;

  // From the first line to the last, with whatever blank lines are between.
  std::string_view text() const {
    const char *start = lines.front().data();
    const char *end = lines.back().data() + lines.back().size();
    return {start, static_cast<size_t>(end - start)};
  }

  Block half(bool is_second) const {
    const auto middle = static_cast<int64_t>(lines.size() / 2);
    if (is_second) return {{lines.begin() + middle, lines.end()}, first_row + middle};
    return {{lines.begin(), lines.begin() + middle}, first_row};
  }
};

bool IsObject(std::string_view line) {
  const auto start = line.find_first_not_of(" \t\r");
  return start != std::string_view::npos && line[start] == '{';
}

using Behavior = arrow::json::UnexpectedFieldBehavior;

arrow::Result<std::shared_ptr<arrow::RecordBatch>> Parse(
    const Block &block, std::shared_ptr<arrow::Schema> schema, Behavior unexpected) {
  auto options = arrow::json::ParseOptions::Defaults();
  options.explicit_schema = std::move(schema);
  options.unexpected_field_behavior = unexpected;
  // Arrow's parser takes a null for an object, and fails where it is the first.
  if (!std::all_of(block.lines.begin(), block.lines.end(), IsObject)) {
    return arrow::Status::Invalid("a line must hold one JSON object");
  }
  const auto text = block.text();
  if (Openings(text) > kDepthLimit &&
      std::any_of(block.lines.begin(), block.lines.end(), IsTooDeep)) {
    return arrow::Status::Invalid("arrays and objects are nested more than ", kDepthLimit,
                                  " levels deep");
  }
  ARROW_ASSIGN_OR_RAISE(auto batch,
                        arrow::json::ParseOne(options, std::make_shared<arrow::Buffer>(text)));
  if (batch->num_rows() != static_cast<int64_t>(block.lines.size())) {
    return arrow::Status::Invalid("a line must hold one JSON object");
  }
  return batch;
}

std::string Tidy(std::string message) {
  if (const auto end = message.rfind(" in row 0"); end != std::string::npos) message.resize(end);
  return message;
}

arrow::Status CollectKinds(const Block &block, JsonKinds *kinds) {
  auto parsed = Parse(block, nullptr, Behavior::InferType);
  if (parsed.ok()) {
    kinds->Add(*(*parsed)->schema());
    return arrow::Status::OK();
  }
  if (block.lines.size() == 1) {
    return InvalidRow(block.first_row, Tidy(parsed.status().message()));
  }
  ARROW_RETURN_NOT_OK(CollectKinds(block.half(false), kinds));
  return CollectKinds(block.half(true), kinds);
}

class JsonBatches : public arrow::RecordBatchReader {
 public:
  JsonBatches(const ReadPlan &plan, std::shared_ptr<arrow::io::InputStream> input)
      : input_(std::move(input)),
        unexpected_(plan.has_columns ? Behavior::Ignore : Behavior::Error) {}

  arrow::Status Start(const ReadPlan &plan) {
    ARROW_RETURN_NOT_OK(ReadBlock());
    if (next_.size() >= 3 && next_.compare(0, 3, "\xEF\xBB\xBF") == 0) next_.erase(0, 3);
    // Blank lines may come alone, long before the first that is not.
    while (!next_.empty() && Lines(next_).empty()) ARROW_RETURN_NOT_OK(ReadBlock());
    JsonKinds kinds;
    Block block{Lines(next_), 1};
    if (!block.lines.empty()) {
      // Of a stream the lines before a bad one count.
      const auto collected = CollectKinds(block, &kinds);
      if (plan.path != "-" || kinds.names.empty()) ARROW_RETURN_NOT_OK(collected);
    }
    return ChooseColumns(plan, kinds);
  }

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *out) override {
    *out = nullptr;
    while (ready_.empty()) {
      ARROW_RETURN_NOT_OK(failure_);
      if (next_.empty()) ARROW_RETURN_NOT_OK(ReadBlock());
      if (next_.empty()) return arrow::Status::OK();
      const auto text = std::move(next_);
      next_.clear();
      Block block{Lines(text), row_};
      if (block.lines.empty()) continue;
      row_ += static_cast<int64_t>(block.lines.size());
      arrow::RecordBatchVector batches;
      failure_ = Convert(block, &batches);
      if (!batches.empty()) ARROW_RETURN_NOT_OK(Queue(batches));
    }
    *out = ready_.front();
    ready_.pop_front();
    return arrow::Status::OK();
  }

 private:
  // Fills `next_` with whole lines; leaves it empty at the end of the input.
  arrow::Status ReadBlock() {
    std::string text = std::move(rest_);
    rest_.clear();
    while (!at_end_) {
      const auto scanned = text.size();
      ARROW_ASSIGN_OR_RAISE(auto bytes, input_->Read(kBlockBytes));
      at_end_ = bytes->size() == 0;
      text.append(reinterpret_cast<const char *>(bytes->data()),
                  static_cast<size_t>(bytes->size()));
      // Only what is new: a long line comes in many pieces.
      const auto end = std::string_view(text).substr(scanned).rfind('\n');
      if (end != std::string_view::npos) {
        rest_ = text.substr(scanned + end + 1);
        text.resize(scanned + end + 1);
        break;
      }
      if (text.size() > kLineLimit) return InvalidRow(row_, "a line is longer than 256 MiB");
    }
    next_ = std::move(text);
    return arrow::Status::OK();
  }

  arrow::Status ChooseColumns(const ReadPlan &plan, const JsonKinds &kinds) {
    for (const auto &name : kinds.names) {
      if (!plan.wants(name)) continue;
      const auto kind = kinds.Find(name);
      auto known = plan.types ? plan.types->GetFieldByName(name) : nullptr;
      const bool is_null = kind && kind->id() == arrow::Type::NA;
      if (!known && is_null && plan.later_types) known = plan.later_types->GetFieldByName(name);
      if (!known && !kind) {
        return arrow::Status::Invalid("field \"", name,
                                      "\" has values of different kinds in different lines");
      }
      AddColumn(name, known ? DeliveredKnown(known->type()) : DeliveredKind(kind), known.get());
    }
    AddAbsent(plan, plan.types);
    AddAbsent(plan, plan.later_types);
    arrow::FieldVector fields;
    for (const auto &column : columns_) fields.push_back(arrow::field(column.name, column.delivered));
    schema_ = arrow::schema(fields);
    parsed_as_ = ParsedSchema(kinds);
    return arrow::Status::OK();
  }

  // The columns of a schema that the first lines do not have.
  void AddAbsent(const ReadPlan &plan, const std::shared_ptr<arrow::Schema> &types) {
    if (!types) return;
    for (const auto &field : types->fields()) {
      const bool is_there = std::any_of(columns_.begin(), columns_.end(),
                                        [&](auto &c) { return c.name == field->name(); });
      if (!is_there && plan.wants(field->name())) {
        AddColumn(field->name(), DeliveredKnown(field->type()), field.get());
      }
    }
  }

  void AddColumn(const std::string &name, std::shared_ptr<arrow::DataType> delivered,
                 const arrow::Field *known) {
    const bool is_time = known && known->type()->id() == arrow::Type::TIMESTAMP;
    columns_.push_back({name, std::move(delivered), is_time});
  }

  std::shared_ptr<arrow::Schema> ParsedSchema(const JsonKinds &kinds) const {
    arrow::FieldVector fields;
    for (const auto &column : columns_) {
      fields.push_back(arrow::field(column.name, ParsedAs(column, kinds.Find(column.name).get())));
    }
    return arrow::schema(fields);
  }

  arrow::Status Convert(const Block &block, arrow::RecordBatchVector *out) {
    auto batch = TryAll(block);
    if (batch.ok()) {
      out->push_back(*batch);
      return arrow::Status::OK();
    }
    if (block.lines.size() == 1) return InvalidRow(block.first_row, Explain(block, batch.status()));
    ARROW_RETURN_NOT_OK(Convert(block.half(false), out));
    return Convert(block.half(true), out);
  }

  // As the lines before were parsed, else as their own kinds ask for.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> TryAll(const Block &block) {
    auto first = TryOne(block, parsed_as_);
    if (first.ok()) return first;
    auto inferred = Parse(block, nullptr, Behavior::InferType);
    if (!inferred.ok()) return first;
    JsonKinds kinds;
    kinds.Add(*(*inferred)->schema());
    auto schema = ParsedSchema(kinds);
    if (schema->Equals(*parsed_as_)) return first;
    auto second = TryOne(block, schema);
    if (second.ok()) parsed_as_ = schema;
    return second;
  }

  arrow::Result<std::shared_ptr<arrow::RecordBatch>> TryOne(
      const Block &block, const std::shared_ptr<arrow::Schema> &schema) const {
    ARROW_ASSIGN_OR_RAISE(auto parsed, Parse(block, schema, unexpected_));
    arrow::ArrayVector arrays;
    for (const auto &column : columns_) {
      const auto array = parsed->GetColumnByName(column.name);
      if (!array) return arrow::Status::Invalid("field \"", column.name, "\" appears twice");
      ARROW_ASSIGN_OR_RAISE(auto delivered, Deliver(array, column));
      arrays.push_back(std::move(delivered));
    }
    return arrow::RecordBatch::Make(schema_, parsed->num_rows(), std::move(arrays));
  }

  // Why one line was refused, with the field's name where one field is to blame.
  std::string Explain(const Block &line, const arrow::Status &failure) const {
    const auto inferred = Parse(line, nullptr, Behavior::InferType);
    if (!inferred.ok()) return Tidy(failure.message());
    for (const auto &column : columns_) {
      auto schema = arrow::schema({arrow::field(column.name, column.delivered)});
      auto parsed = Parse(line, schema, Behavior::Ignore);
      if (!parsed.ok()) {
        return "field \"" + column.name + "\": " + Tidy(parsed.status().message());
      }
    }
    for (const auto &field : (*inferred)->schema()->fields()) {
      if (unexpected_ == Behavior::Error && !schema_->GetFieldByName(field->name())) {
        return "field \"" + field->name() + "\" is in none of the first lines";
      }
    }
    return Tidy(failure.message());
  }

  arrow::Status Queue(const arrow::RecordBatchVector &batches) {
    if (batches.size() == 1) {
      ready_.push_back(batches.front());
      return arrow::Status::OK();
    }
    ARROW_ASSIGN_OR_RAISE(auto whole, arrow::ConcatenateRecordBatches(batches));
    ready_.push_back(std::move(whole));
    return arrow::Status::OK();
  }

  std::shared_ptr<arrow::io::InputStream> input_;
  Behavior unexpected_;
  std::vector<JsonColumn> columns_;
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::Schema> parsed_as_;
  std::deque<std::shared_ptr<arrow::RecordBatch>> ready_;
  // What is wrong with the line after those that are ready.
  arrow::Status failure_;
  std::string next_;
  std::string rest_;
  bool at_end_ = false;
  int64_t row_ = 1;
};

}  // namespace

arrow::Result<Reader> OpenJsonLines(const ReadPlan &plan) {
  // Lines that are there are not kept waiting for more.
  const bool is_pipe = plan.path == "-" && plan.compression == HINDCAST_PLAIN;
  std::shared_ptr<arrow::io::InputStream> input = OpenStandardInput();
  if (!is_pipe) {
    ARROW_ASSIGN_OR_RAISE(input, OpenText(plan));
  }
  auto reader = std::make_shared<JsonBatches>(plan, std::move(input));
  ARROW_RETURN_NOT_OK(reader->Start(plan));
  return reader;
}

}  // namespace hindcast
