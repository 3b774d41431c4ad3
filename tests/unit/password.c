/* lib/wire/password.c: what is refused, published vectors of bcrypt, the
 * pepper, and that a wrong name costs what a wrong password costs. */
#include "wire/password.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "password_list.h"
#include "tap.h"

#define PEPPER "0f1e2d3c4b5a69788796a5b4c3d2e1f0"

static struct arena *a;

static void begin(const char *pepper, const char *rounds)
{
    setenv("PASSWORD_PEPPER", pepper, 1);
    setenv("BCRYPT_ROUNDS", rounds, 1);
    tap_ok(!conf_init() && !password_init() && password_ready(),
           "settings are taken");
}

static void list(void)
{
    size_t lines = 0;
    for (const char *s = password_list + 1; *s; s = strchr(s, '\n') + 1) {
        lines++;
        if (strcspn(s, "\n") < PASSWORD_BYTES_MIN)
            tap_ok(false, "a short entry: %.12s", s);
    }
    tap_ok(lines >= 3000, "%zu passwords that are tried first", lines);
}

static void refusals(void)
{
    static const char *const bad[] = {
        "",          "seven77",    "12345678",        "PassWord1",
        "azerty123", "motdepasse", "qwertyuiop",      "iloveyou",
        "trustno1",  "p@ssword",   "Soleil2024",      "aaaaaaaaaa",
        "comptoir1", "1q2w3e4r5t", "\xff\xff-8901234"};
    static const char *const good[] = {"correct horse", "été-à-Sète",
                                       "88888889 9", "zq81!rtk"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        tap_ok(password_refusal(bad[i], NULL, NULL), "refused: %zu", i);
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        tap_ok(!password_refusal(good[i], "a@b.fr", "a"), "%s", good[i]);
    char *big = arena_alloc(a, 1026);
    memset(big, 'x', 1025);
    tap_ok(password_refusal(big, NULL, NULL), "1,025 bytes");
    big[1024] = 0;
    tap_ok(!password_refusal(big, NULL, NULL), "1,024 bytes");
    const char *mail = "Camille.Exemple@example.fr";
    tap_ok(password_refusal("camille.exemple@example.fr", mail, NULL),
           "the e-mail");
    tap_ok(password_refusal("camille.exemple", mail, NULL), "its first part");
    tap_ok(password_refusal("CamilleEx", mail, "camilleex"), "the name");
    tap_ok(!password_refusal("camille.exempl3", mail, "camilleex"), "another");
}

static void ours(void)
{
    const char *one, *two;
    begin(PEPPER, "4");
    tap_ok(!password_hash(a, "correct horse", &one) &&
               !password_hash(a, "correct horse", &two),
           "hashes");
    tap_ok(str_starts(one, "v1:$2b$04$") && strlen(one) == 63, "%s", one);
    tap_ok(!str_eq(one, two), "each has its salt");
    tap_is_int(password_verify("correct horse", one), PASSWORD_RIGHT, "right");
    tap_is_int(password_verify("correct horsf", one), PASSWORD_WRONG, "wrong");
    tap_is_int(password_verify("", one), PASSWORD_WRONG, "empty");
    char *big = arena_alloc(a, 1025), *other = arena_alloc(a, 1025);
    memset(big, 'x', 1024);
    memset(other, 'x', 1024);
    other[1023] = 'y';
    tap_is_int(password_hash(a, big, &one), OK, "1,024 bytes");
    tap_ok(password_verify(big, one) == PASSWORD_RIGHT &&
               password_verify(other, one) == PASSWORD_WRONG,
           "the last one counts");
    tap_is_int(password_verify(big, two), PASSWORD_WRONG, "not the other");
    begin(PEPPER, "5");
    tap_is_int(password_verify("correct horse", two), PASSWORD_RIGHT_REHASH,
               "other rounds: to be hashed again");
    begin("another pepper of 32 bytes......", "4");
    tap_is_int(password_verify("correct horse", two), PASSWORD_WRONG,
               "another pepper");
    begin("", "4");
    tap_is_int(password_verify("correct horse", two), PASSWORD_WRONG,
               "no pepper");
}

/* Vectors of bcrypt's own test set (crypt_blowfish, public domain). */
static void imported(void)
{
    static const struct {
        const char *password, *hash;
    } rows[] = {
        {"U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
        {"U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
        {"U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
        {"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
         "0123456789chars after 72 are ignored",
         "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"}};
    static const char *const odd[] = {
        "",
        "*0",
        "v1:",
        "v1:*0",
        "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
        "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
        "v2:$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        tap_is_int(password_verify(rows[i].password, rows[i].hash),
                   PASSWORD_RIGHT_REHASH, "imported %.4s", rows[i].hash);
        tap_is_int(password_verify("U*V", rows[i].hash), PASSWORD_WRONG,
                   "and wrong");
    }
    for (size_t i = 0; i < ARRAY_LEN(odd); i++)
        tap_is_int(password_verify("U*U", odd[i]), PASSWORD_WRONG,
                   "no hash: %s", odd[i]);
    tap_is_int(password_verify("U*U", NULL), PASSWORD_WRONG, "nobody");
}

static void settings(void)
{
    const char *hash;
    setenv("PASSWORD_PEPPER", "short", 1);
    tap_ok(!conf_init() && password_init(), "a short pepper is refused");
    unsetenv("PASSWORD_PEPPER");
    setenv("ENV", "prod", 1);
    setenv("BCRYPT_ROUNDS", "4", 1);
    tap_ok(!conf_init() && password_init(), "4 rounds in production");
    setenv("BCRYPT_ROUNDS", "10", 1);
    tap_ok(!conf_init() && !password_init(), "10 rounds in production");
    tap_ok(!password_ready(), "but nobody registers without a pepper");
    tap_is_int(password_hash(a, "correct horse", &hash),
               ERR_ACCOUNTS_UNCONFIGURED, "no hash is made");
    setenv("PASSWORD_PEPPER", "please-change-me-0123456789abcdef", 1);
    tap_ok(!conf_init() && password_init(), "a sample pepper is refused");
}

int main(void)
{
    clearenv();
    a = arena_new(8192);
    list();
    refusals();
    ours();
    imported();
    settings();
    arena_free(a);
    return tap_done();
}
