/* lib/domain/backup_name.c: what anybody may have written becomes a name that
 * hides nothing. */
#include "domain/backup_name.h"
#include "base/str.h"
#include "tap.h"

static struct arena *a;

static const char *many(const char *s, int n)
{
    char *out = arena_alloc(a, strlen(s) * (size_t)n + 1);
    for (int i = 0; i < n; i++)
        memcpy(out + strlen(s) * (size_t)i, s, strlen(s));
    return out;
}

static void slugs(void)
{
    static const char *const rows[][2] = {
        {"Client Name", "client-name"},
        {"Société Générale d'Énergie", "societe-generale-d-energie"},
        {"  Œuvre & Fils (SARL)  ", "oeuvre-fils-sarl"},
        {"../../etc/passwd", "etc-passwd"},
        {"a/b\\c%2Fd", "a-b-c-2fd"},
        {"user-1__other", "user-1-other"},
        {"x\r\nx-amz-acl: public-read", "x-x-amz-acl-public-read"},
        {"<script>", "script"},
        {"😀 日本", ""},
        {"", ""},
        {"---", ""}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tap_is_str(backup_name_slug(a, rows[i][0]), rows[i][1], "slug %zu", i);
    tap_is_int(strlen(backup_name_slug(a, many("ab ", 100))), 64,
               "a long one is cut");
    const char *cut = backup_name_slug(a, many("é", 255));
    tap_ok(strlen(cut) == 64 && strspn(cut, "e") == 64, "by letters");
}

static void values(void)
{
    static const char *const rows[][2] = {
        {"FAC-2025-001", "FAC-2025-001"},
        {"électricité N° 5", "electricite N_ 5"},
        {" a\r\nb\tc ", "a  b c"},
        {"日本", "__"},
        {"", ""}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tap_is_str(backup_name_value(a, rows[i][0]), rows[i][1], "value %zu", i);
    tap_ok(strlen(backup_name_value(a, many("œ", 400))) <= 256,
           "a long one is cut");
}

static void folders(void)
{
    struct backup_name n = {.has_user_id = true,
                            .user_id = 123,
                            .has_invoice_id = true,
                            .invoice_id = 456,
                            .external_ref = "FAC-2025-001",
                            .customer_name = "Client Name",
                            .ref_id = "r1"};
    tap_is_str(backup_name_folder(a, "prod", &n),
               "prod/user-123__client-name/invoice-456/", "with everything");
    n.has_invoice_id = false;
    tap_is_str(backup_name_folder(a, "prod", &n),
               "prod/user-123__client-name/invoice-FAC-2025-001/",
               "by the reference");
    n.external_ref = "../x";
    n.customer_name = "/../";
    tap_is_str(backup_name_folder(a, "prod", &n), "prod/user-123/invoice-x/",
               "hostile ones");
    n.external_ref = "..";
    n.has_user_id = false;
    tap_is_str(backup_name_folder(a, "prod", &n),
               "prod/user-anonymous/invoice-r1/", "by the request");
    n.external_ref = NULL;
    n.customer_name = NULL;
    tap_is_str(backup_name_folder(a, "dev", &n),
               "dev/user-anonymous/invoice-r1/", "with nothing");
}

int main(void)
{
    a = arena_new(1 << 16);
    slugs();
    values();
    folders();
    arena_free(a);
    return tap_done();
}
