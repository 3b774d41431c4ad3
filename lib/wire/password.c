/* libxcrypt does bcrypt; its 32 KiB of working memory is static and wiped
 * after each use. */
#include "wire/password.h"
#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <strings.h>
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "wire/keyring.h"
#include "password_list.h"
#include "base/banned.h"

enum {
    PEPPER_BYTES = 32,
    ROUNDS_MAX = 15,   /* an imported hash may not hold a process for longer */
    ROUNDS_LEAST = 10, /* OWASP's least; below it for development only */
    BCRYPT_BYTES = 72, /* as much of a password bcrypt looks at */
    BCRYPT_CHARS = 60
};
static const char tag[] = "v1:";

static struct {
    const char *pepper;
    int rounds;
    /* No password gives these last 31 characters. */
    char dummy[BCRYPT_CHARS + 1];
} rule = {
    .pepper = "",
    .dummy = "$2b$12$comptoir.nobody.has.eO"
             "thirty.one.chars.of.no.password",
};

static struct crypt_data work;

const char *password_init(void)
{
    bool dev = str_eq(conf_str(CONF_ENV), "dev");
    rule.pepper = conf_str(CONF_PASSWORD_PEPPER);
    rule.rounds = (int)conf_int(CONF_BCRYPT_ROUNDS);
    rule.dummy[4] = (char)('0' + rule.rounds / 10);
    rule.dummy[5] = (char)('0' + rule.rounds % 10);
    if (*rule.pepper && strlen(rule.pepper) < PEPPER_BYTES)
        return "PASSWORD_PEPPER is shorter than 32 bytes.";
    if (str_eq(conf_str(CONF_ENV), "prod") && *rule.pepper &&
        keyring_is_sample(rule.pepper))
        return "ENV=prod refuses a PASSWORD_PEPPER that looks like a sample.";
    if (rule.rounds < ROUNDS_LEAST && !dev)
        return "BCRYPT_ROUNDS below 10 are for ENV=dev only.";
    return NULL;
}

bool password_ready(void)
{
    return rule.rounds > 0 &&
           (*rule.pepper || str_eq(conf_str(CONF_ENV), "dev"));
}

/* ---- what may be a password ------------------------------------------- */

/* The list holds lower-case words; é, É and e count as different. */
static bool is_common(const char *password)
{
    char line[PASSWORD_BYTES_MAX + 3] = "\n";
    size_t n = strlen(password);
    for (size_t i = 0; i < n; i++)
        line[i + 1] =
            (char)(password[i] >= 'A' && password[i] <= 'Z' ? password[i] + 32
                                                            : password[i]);
    line[n + 1] = '\n';
    bool found = strstr(password_list, line) != NULL;
    explicit_bzero(line, sizeof line);
    return found;
}

static bool is_name(const char *password, const char *name)
{
    if (!name || !*name)
        return false;
    size_t local = strcspn(name, "@");
    return strcasecmp(password, name) == 0 ||
           (strncasecmp(password, name, local) == 0 && !password[local]);
}

const char *password_refusal(const char *password, const char *email,
                             const char *username)
{
    size_t n = strlen(password);
    if (n < PASSWORD_BYTES_MIN || n > PASSWORD_BYTES_MAX)
        return "must be of 8 to 1024 bytes";
    if (!str_utf8_ok(password, n))
        return "must be UTF-8";
    if (is_name(password, email) || is_name(password, username))
        return "must not be the name of the account";
    if (is_common(password))
        return "is one of the passwords that are tried first; choose another";
    return NULL;
}

/* ---- bcrypt ------------------------------------------------------------ */

/* What bcrypt gets: 44 characters that hold no NUL, whatever the password. */
static void prehash(const char *password, char out[48])
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    HMAC(EVP_sha256(), rule.pepper, (int)strlen(rule.pepper),
         (const unsigned char *)password, strlen(password), mac, &n);
    EVP_EncodeBlock((unsigned char *)out, mac, (int)n);
    explicit_bzero(mac, sizeof mac);
}

/* crypt of text under a setting, or NULL; valid until the next call. */
static const char *bcrypt(const char *text, const char *setting)
{
    return crypt_rn(text, setting, &work, (int)sizeof work);
}

enum err password_hash(struct arena *a, const char *password, const char **hash)
{
    char setting[CRYPT_GENSALT_OUTPUT_SIZE], text[48];
    *hash = NULL;
    if (!password_ready())
        return ERR_ACCOUNTS_UNCONFIGURED;
    prehash(password, text);
    const char *got = NULL;
    /* no bytes given: salt of the kernel */
    if (crypt_gensalt_rn("$2b$", (unsigned long)rule.rounds, NULL, 0, setting,
                         (int)sizeof setting))
        got = bcrypt(text, setting);
    if (got)
        *hash = arena_printf(a, "%s%s", tag, got);
    else
        log_error("password_not_hashed", NULL);
    explicit_bzero(&work, sizeof work);
    explicit_bzero(text, sizeof text);
    return *hash ? OK : ERR_INTERNAL;
}

/* Rounds of a well-formed bcrypt text ($2a$, $2b$, $2y$), else 0. */
static int rounds_of(const char *hash)
{
    if (strlen(hash) != BCRYPT_CHARS || !str_starts(hash, "$2") ||
        !strchr("aby", hash[2]) || hash[3] != '$' || hash[6] != '$' ||
        hash[4] < '0' || hash[4] > '9' || hash[5] < '0' || hash[5] > '9')
        return 0;
    int rounds = (hash[4] - '0') * 10 + hash[5] - '0';
    return rounds <= ROUNDS_MAX ? rounds : 0;
}

static bool matches(const char *text, const char *hash)
{
    const char *got = bcrypt(text, hash);
    bool same = got && strlen(got) == BCRYPT_CHARS &&
                CRYPTO_memcmp(got, hash, BCRYPT_CHARS) == 0;
    explicit_bzero(&work, sizeof work);
    return same;
}

enum password_match password_verify(const char *password, const char *hash)
{
    char text[BCRYPT_BYTES + 1] = "";
    bool ours = hash && str_starts(hash, tag);
    const char *stored = ours ? hash + sizeof tag - 1 : hash ? hash : "";
    int rounds = rounds_of(stored);
    bool known = rounds > 0;
    if (ours || !known)
        prehash(password, text);
    else
        memcpy(text, password, strnlen(password, BCRYPT_BYTES));
    bool same = matches(text, known ? stored : rule.dummy);
    explicit_bzero(text, sizeof text);
    if (!same || !known)
        return PASSWORD_WRONG;
    return ours && rounds == rule.rounds ? PASSWORD_RIGHT
                                         : PASSWORD_RIGHT_REHASH;
}
