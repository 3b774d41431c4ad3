/* lib/store/db_value.c: numbers as text, cells as numbers. */
#include "store/db_value.h"
#include "tap.h"

/* An answer of one row made by libpq itself, without a server. */
static PGresult *answer(char *first, char *second)
{
    PGresult *res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc columns[2] = {{.name = "n", .typlen = 8},
                               {.name = "m", .typlen = 8}};
    tap_ok(PQsetResultAttrs(res, 2, columns) &&
               PQsetvalue(res, 0, 0, first, first ? (int)strlen(first) : -1) &&
               PQsetvalue(res, 0, 1, second, (int)strlen(second)),
           "an answer");
    return res;
}

int main(void)
{
    struct arena *a = arena_new(1024);
    tap_is_str(db_value_text(a, 0), "0", "zero");
    tap_is_str(db_value_text(a, INT64_MIN), "-9223372036854775808",
               "the smallest");
    tap_is_str(db_value_text(a, INT64_MAX), "9223372036854775807",
               "the largest");
    char n[] = "-42", m[] = "9223372036854775807", word[] = "t";
    PGresult *res = answer(n, m);
    tap_is_int(db_value_i64(res, 0, 0), -42, "a number");
    tap_ok(db_value_i64(res, 0, 1) == INT64_MAX, "the largest is read");
    tap_is_int(db_value_i64(res, 0, PQfnumber(res, "nothing")), 0,
               "no such column");
    PQclear(res);
    res = answer(NULL, word);
    tap_is_int(db_value_i64(res, 0, 0), 0, "NULL is 0");
    tap_is_int(db_value_i64(res, 0, 1), 0, "what is no number is 0");
    PQclear(res);
    arena_free(a);
    return tap_done();
}
