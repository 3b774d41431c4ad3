/* Statements take and give text; what is counted is int64_t inside. */
#include "store/db_value.h"
#include "base/encode.h"
#include "base/str.h"

const char *db_value_text(struct arena *a, int64_t v)
{
    return str_from_i64(arena_alloc(a, STR_I64_BYTES), v);
}

int64_t db_value_i64(const PGresult *res, int row, int column)
{
    int64_t v = 0;
    return column >= 0 && str_to_i64(PQgetvalue(res, row, column), &v) ? v : 0;
}

const char *db_value_bytes(struct arena *a, struct bytes b)
{
    return arena_printf(a, "\\x%s", encode_hex(a, b.p, b.n));
}

enum err db_value_to_bytes(struct arena *a, const PGresult *res, int row,
                           int column, struct bytes *out)
{
    const char *text = PQgetvalue(res, row, column);
    out->p = PQunescapeBytea((const unsigned char *)text, &out->n);
    if (!out->p)
        return ERR_UNAVAILABLE;
    arena_defer(a, PQfreemem, (void *)out->p);
    return OK;
}
