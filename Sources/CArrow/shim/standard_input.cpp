// Standard input as it comes, for rows that are sent one by one and waited for.
#include <cerrno>
#include <cstring>

#include <unistd.h>

#include "shim.h"

namespace hindcast {
namespace {

class StandardInput : public arrow::io::InputStream {
 public:
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override { return position_; }

  arrow::Result<int64_t> Read(int64_t count, void *out) override {
    while (true) {
      const auto length = ::read(STDIN_FILENO, out, static_cast<size_t>(count));
      if (length >= 0) {
        position_ += length;
        return length;
      }
      if (errno != EINTR) return arrow::Status::IOError(std::strerror(errno));
    }
  }

  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t count) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(count));
    ARROW_ASSIGN_OR_RAISE(auto length, Read(count, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(length, false));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }

 private:
  int64_t position_ = 0;
  bool closed_ = false;
};

}  // namespace

std::shared_ptr<arrow::io::InputStream> OpenStandardInput() {
  return std::make_shared<StandardInput>();
}

}  // namespace hindcast
