# Turns sql/queries/<module>.sql into C constants. A block starts with
#   -- name: verb_object
# and becomes  static const struct db_query SQL_<MODULE>_VERB_OBJECT.
# Comment lines are left out; text keeps its line breaks.
function flush_block() {
    if (name == "") return
    up = toupper(module "_" name)
    printf "__attribute__((unused)) static const struct db_query SQL_%s = {\n", up
    printf "    \"%s_%s\",\n%s};\n\n", module, name, text
}
BEGIN { printf "/* made from sql/queries/%s.sql */\n#pragma once\n#include \"store/db.h\"\n\n", module }
/^-- name:/ { flush_block(); name = $3; text = ""; next }
/^[ \t]*--/ || /^[ \t]*$/ { next }
{ gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); text = text "    \"" $0 "\\n\"\n" }
END { flush_block() }
