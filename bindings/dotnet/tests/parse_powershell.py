"""Says whether PowerShell files parse, that one that is broken does not, and whether each function that the module exports has help
for each of its parameters."""

import re
import sys

import tree_sitter
import tree_sitter_powershell

parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def has_error(source: bytes) -> bool:
    return parser.parse(source).root_node.has_error


def undocumented(manifest: str, module: str) -> list[str]:
    """What is exported and not there, or the other way round, and which parameters have no help, or help and no parameter."""
    exported = re.findall(r"'([^']+)'", re.search(r"FunctionsToExport\s*=\s*@\(([^)]*)\)", manifest)[1])
    problems = []
    found = []
    for text, name, body in re.findall(r"<#\n(.*?)#>\nfunction ([\w-]+) \{\n(.*?)\n\}\n", module, re.DOTALL):
        found.append(name)
        parameters = re.search(r"\n    param\(\n(.*?)\n    \)\n", body, re.DOTALL)[1]
        wanted = re.findall(r"\$(\w+),?$", parameters, re.MULTILINE)
        helped = re.findall(r"^\.PARAMETER (\w+)$", text, re.MULTILINE)
        if sorted(wanted) != sorted(helped):
            problems.append(f"{name} has the parameters {wanted}, and help for {helped}")
        if not (".SYNOPSIS\n" in text and ".EXAMPLE\n" in text):
            problems.append(f"{name}: no synopsis, or no example")
    if found != exported:
        problems.append(f"exported are {exported}, and functions with help are {found}")
    return problems


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

manifest, module = (open(path, encoding="ascii").read() for path in sorted(sys.argv[1:]))
for problem in undocumented(manifest, module):
    sys.exit(problem)
if not undocumented(manifest, module.replace(".PARAMETER Raw\n", "")):
    sys.exit("a parameter without help is not found")
print("each function that is exported has help for each parameter")
