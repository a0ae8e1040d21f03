"""Says whether PowerShell files parse, and that one that is broken does not."""

import sys

import tree_sitter
import tree_sitter_powershell

parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def has_error(source: bytes) -> bool:
    return parser.parse(source).root_node.has_error


for path in sys.argv[1:]:
    with open(path, "rb") as file:
        source = file.read()
    # Windows PowerShell 5.1 takes a file without a byte order mark for one in its code page.
    if not source.isascii():
        sys.exit(f"{path} is not ASCII")
    if has_error(source):
        sys.exit(f"{path} does not parse")
    if not has_error(source[: source.rindex(b"}")]):
        sys.exit(f"{path} parses without its last brace as well: the parser finds nothing")
    print(f"{path} parses")
