"""The API's description: OpenAPI 3.1 in its structure, and true to what the site answers.

The program `openapi_dump` prints the description of the tests' site. The official schema needs a
validator from npm; what it demands of the parts we use is checked here, so that the test runs
without it.
"""
import json
import re
import subprocess
import sys


def must(condition, words):
    if not condition:
        raise AssertionError(words)


def references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            must(set(value) == {"$ref"}, f"a reference with company: {value}")
            yield value["$ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


TYPES = {"string", "integer", "number", "boolean", "array", "object", "null"}
SCHEMA_WORDS = {
    "type", "title", "description", "properties", "required", "items", "enum", "format", "pattern",
    "minLength", "maxLength", "minimum", "maximum", "additionalProperties", "contentMediaType", "$ref",
}


def check_schema(schema, where):
    must(isinstance(schema, dict), f"{where}: no schema")
    must(set(schema) <= SCHEMA_WORDS, f"{where}: unknown words {set(schema) - SCHEMA_WORDS}")
    if "$ref" in schema:
        return
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    must(types and set(types) <= TYPES, f"{where}: type {types}")
    for name, part in schema.get("properties", {}).items():
        check_schema(part, f"{where}.{name}")
    for name in schema.get("required", []):
        must(name in schema["properties"], f"{where}: {name} is required and not described")
    must("required" not in schema or schema["required"], f"{where}: an empty list of the required")
    must("enum" not in schema or len(set(schema["enum"])) == len(schema["enum"]), f"{where}: enum")
    must(("items" in schema) == ("array" in types), f"{where}: items belong to arrays")
    if "pattern" in schema:
        re.compile(schema["pattern"])
    for least, most in (("minLength", "maxLength"), ("minimum", "maximum")):
        must(schema.get(least, 0) <= schema.get(most, 2**63), f"{where}: {least} above {most}")


def check_content(content, where):
    must(content, f"{where}: no content")
    for media, part in content.items():
        must(re.fullmatch(r"[a-z]+/[a-z.+-]+", media), f"{where}: {media}")
        check_schema(part["schema"], where)


def check_operation(path, method, operation):
    where = f"{method} {path}"
    must(re.fullmatch(r"[a-z0-9_]+", operation["operationId"]), f"{where}: operationId")
    named = [one["name"] for one in operation.get("parameters", []) if one["in"] == "path"]
    must(named == re.findall(r"\{([a-z_0-9]+)\}", path), f"{where}: parameters {named}")
    for one in operation.get("parameters", []):
        must(one["required"] is True, f"{where}: a part of the path is always required")
        check_schema(one["schema"], where)
    must(("requestBody" in operation) == (method == "post"), f"{where}: body")
    if method == "post":
        check_content(operation["requestBody"]["content"], where)
    for status, answer in operation["responses"].items():
        must(re.fullmatch(r"[1-5][0-9X]{2}|default", status), f"{where}: status {status}")
        must(answer["description"], f"{where}: {status} says nothing")
        check_content(answer["content"], where)


def check(document):
    must(re.fullmatch(r"3\.1\.\d+", document["openapi"]), "openapi")
    must(document["info"]["title"] and document["info"]["version"], "info")
    allowed = {"openapi", "info", "servers", "security", "paths", "components"}
    must(set(document) <= allowed, f"unknown parts {set(document) - allowed}")
    seen = set()
    for path, item in document["paths"].items():
        must(path.startswith("/api/v1/") or path == "/api/v1/", f"{path} is not of the API")
        for method, operation in item.items():
            must(method in ("get", "post"), f"{path}: {method}")
            check_operation(path, method, operation)
            must(operation["operationId"] not in seen, f"{operation['operationId']} twice")
            seen.add(operation["operationId"])
    for name, schema in document["components"]["schemas"].items():
        must(re.fullmatch(r"[a-zA-Z0-9._-]+", name), f"schema {name}")
        check_schema(schema, name)
    for one in references(document):
        at = document
        for part in one.removeprefix("#/").split("/"):
            must(part in at, f"{one} leads nowhere")
            at = at[part]
    for one in document["security"]:
        must(set(one) <= set(document["components"]["securitySchemes"]), "security")


def run(program):
    done = subprocess.run([program], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def the_description_is_well_formed(document):
    check(document)


def it_tells_the_site_as_it_is(document):
    notes = document["paths"]["/api/v1/notes"]
    must(set(notes) == {"get", "post"}, "notes")
    schema = document["components"]["schemas"]["note_add"]
    must(schema["required"] == ["title", "kind"], schema)
    must(schema["properties"]["stars"]["maximum"] == 5, schema)
    must(schema["properties"]["kind"]["enum"] == ["plain", "loud"], schema)
    row = document["components"]["schemas"]["note_row"]
    must(row["properties"]["stars"]["type"] == ["integer", "null"], row)
    must(row["properties"]["id"]["type"] == "string", row)
    upload = document["paths"]["/api/v1/notes/{id}/upload"]["post"]
    must("multipart/form-data" in upload["requestBody"]["content"], upload)
    must("/api/v1/file" not in document["paths"], "a page that only people read is described")
    must("/api/v1/healthz" not in document["paths"], "the platform's own routes are described")


def planted_faults_are_found(document):
    faults = [
        lambda d: d.update(openapi="3.0.0"),
        lambda d: d["paths"]["/api/v1/notes"]["get"].pop("responses"),
        lambda d: d["paths"]["/api/v1/notes/{id}"]["get"].pop("parameters"),
        lambda d: d["components"]["schemas"].pop("note_row"),
        lambda d: d["components"]["schemas"]["note_add"]["required"].append("gone"),
        lambda d: d["components"]["schemas"]["note_add"]["properties"]["stars"].update(type="int"),
    ]
    for number, fault in enumerate(faults):
        copy = json.loads(json.dumps(document))
        fault(copy)
        try:
            check(copy)
        except (AssertionError, KeyError):
            continue
        raise AssertionError(f"fault {number} was not found")


def main():
    document = run(sys.argv[1])
    tests = [the_description_is_well_formed, it_tells_the_site_as_it_is, planted_faults_are_found]
    failed = 0
    print(f"[==========] Running {len(tests)} test(s).")
    for test in tests:
        print(f"[ RUN      ] {test.__name__}")
        try:
            test(document)
            print(f"[       OK ] {test.__name__}")
        except (AssertionError, KeyError) as problem:
            print(f"[  ERROR   ] {problem!r}\n[  FAILED  ] {test.__name__}")
            failed += 1
    print(f"[==========] {len(tests)} test(s) run.\n[  PASSED  ] {len(tests) - failed} test(s).")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
