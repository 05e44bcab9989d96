#!/usr/bin/env bash
# Puts a command that SwiftPM built, and the libraries it loads from outside the system's base, in a
# folder that can be moved: every file in it finds the others beside itself.
#   scripts/install.sh BUILD_FOLDER COMMAND MODULE TARGET_FOLDER
# SwiftPM compiles a package anew for a static Swift runtime, and can't compile tests for one. So the
# objects are compiled once, for both, and the command is linked again here: it then starts in a
# third of the time and needs no Swift on the machine.
set -euo pipefail

build=$1
command=$2
module=$3
folder=$4
objects="$build/$command.product/Objects.LinkFileList"
mkdir -p "$folder"

# Renamed into place, so that a running command is not overwritten.
install_file() {
  cp "$(realpath "$1")" "$folder/$2.new"
  mv "$folder/$2.new" "$folder/$2"
}

link_static() {
  local libraries=() library
  for library in Foundation FoundationEssentials FoundationInternationalization _FoundationICU \
    _FoundationCShims _FoundationCollections CoreFoundation swiftSynchronization swift_RegexParser; do
    libraries+=("-l$library")
  done
  swiftc -static-stdlib -emit-executable -use-ld=lld -o "$folder/$command.new" "@$objects" \
    -lzstd -llz4 -lcrypto "${libraries[@]}" -Xlinker "--defsym=main=${module}_main" \
    -Xlinker --gc-sections -Xlinker --strip-debug -Xlinker -rpath -Xlinker "\$ORIGIN" \
    2>"$folder/link.log" || return 1
  rm -f "$folder/link.log"
  mv "$folder/$command.new" "$folder/$command"
}

[ "$build/$command" -nt "$folder/$command" ] || [ ! -e "$folder/$command" ] || exit 0
if ! link_static; then
  echo "note: no static Swift runtime (see $folder/link.log); the command needs the toolchain's" >&2
  install_file "$build/$command" "$command"
fi
ldd "$folder/$command" | awk '/lib(zstd|lz4|crypto)\.so/ { print $1, $3 }' |
  while read -r name path; do
    [ "$(realpath "$path")" = "$(realpath "$folder")/$name" ] || install_file "$path" "$name"
  done
echo "Built $folder/$command"
