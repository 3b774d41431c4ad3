/* Every rule is a table or a short sum; tests/rules/business_id.tsv has the
 * cases. */
#include "domain/business_id.h"
#include <ctype.h>
#include <string.h>
#include "base/str.h"

enum { SIREN = 9, SIRET = 14, VAT_MAX = 14, PHONE_MIN = 6, PHONE_MAX = 15 };

/* The text without the characters in skip, letters as capitals; NULL when
 * something else than ASCII letters, digits and + is left or when it has more
 * than max bytes. */
static char *bare(struct arena *a, const char *s, const char *skip, size_t max)
{
    char *out = arena_alloc(a, max + 1);
    size_t n = 0;
    for (; *s; s++) {
        if (strchr(skip, *s))
            continue;
        const unsigned char c = (unsigned char)*s;
        if (n == max || c > 0x7f || (!isalnum(c) && c != '+' && c != '*'))
            return NULL;
        out[n++] = (char)toupper(c);
    }
    out[n] = '\0';
    return out;
}

static bool all_digits(const char *s, size_t n)
{
    return strspn(s, "0123456789") >= n;
}

/* ---- SIREN and SIRET ---------------------------------------------------- */

/* ISO/IEC 7812-1, annex B, over the first n digits. */
static bool luhn_ok(const char *s, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        int d = s[n - 1 - i] - '0';
        d = i % 2 ? d * 2 : d;
        sum += d > 9 ? d - 9 : d;
    }
    return sum % 10 == 0;
}

static bool siret_ok(const char *s)
{
    int sum = 0;
    if (luhn_ok(s, SIRET))
        return true;
    for (size_t i = 0; i < SIRET; i++)
        sum += s[i] - '0';
    return str_starts(s, "356000000") && sum % 5 == 0;
}

const char *business_id_siret(struct arena *a, const char *text,
                              const char **clean)
{
    const char *s = bare(a, text, " ", SIRET);
    if (!s || strlen(s) != SIRET || !all_digits(s, SIRET))
        return "must be a SIRET of 14 digits";
    if (strspn(s, "0") == SIRET || !luhn_ok(s, SIREN) || !siret_ok(s))
        return "must be a SIRET whose check digit fits";
    *clean = s;
    return NULL;
}

/* ---- VAT numbers -------------------------------------------------------- */

/* 9 a digit, o one that may be missing (at the end), a a letter, x either, s
 * either or + or *; others stand for themselves. Northern Ireland (XI) trades
 * goods as in the EU. */
static const struct vat_format {
    char country[3];
    const char *format;
} vat_formats[] = {
    {"AT", "U99999999"},    {"BE", "0999999999"},   {"BE", "1999999999"},
    {"BG", "999999999o"},   {"CY", "99999999a"},    {"CZ", "99999999oo"},
    {"DE", "999999999"},    {"DK", "99999999"},     {"EE", "999999999"},
    {"EL", "999999999"},    {"ES", "a9999999x"},    {"ES", "99999999a"},
    {"FI", "99999999"},     {"FR", "xx999999999"},  {"HR", "99999999999"},
    {"HU", "99999999"},     {"IE", "9s99999a"},     {"IE", "9999999aa"},
    {"IT", "99999999999"},  {"LT", "999999999"},    {"LT", "999999999999"},
    {"LU", "99999999"},     {"LV", "99999999999"},  {"MT", "99999999"},
    {"NL", "999999999B99"}, {"PL", "9999999999"},   {"PT", "999999999"},
    {"RO", "99oooooooo"},   {"SE", "999999999999"}, {"SI", "99999999"},
    {"SK", "9999999999"},   {"XI", "999999999"},    {"XI", "999999999999"},
    {"XI", "GD999"},        {"XI", "HA999"},
};

static bool fits_one(char format, char c)
{
    const bool digit = isdigit((unsigned char)c);
    const bool letter = isupper((unsigned char)c);
    switch (format) {
    case '9':
    case 'o':
        return digit;
    case 'a':
        return letter;
    case 'x':
        return digit || letter;
    case 's':
        return digit || letter || c == '+' || c == '*';
    default:
        return c == format;
    }
}

static bool fits(const char *format, const char *s)
{
    while (*format && *s && fits_one(*format, *s)) {
        format++;
        s++;
    }
    return !*s && (!*format || *format == 'o');
}

static int key_digit(char c)
{
    static const char digits[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    const char *at = strchr(digits, c);
    return at ? (int)(at - digits) : -1;
}

/* The two characters before a SIREN. Monaco's numbers (000...) have no SIREN
 * behind theirs, the key is the same. */
static bool french_ok(const char *s)
{
    int64_t siren;
    if (!str_to_i64(s + 2, &siren))
        return false;
    if (!str_starts(s + 2, "000") && !luhn_ok(s + 2, SIREN))
        return false;
    if (all_digits(s, 2))
        return (s[0] - '0') * 10 + s[1] - '0' == (12 + 3 * (siren % 97)) % 97;
    const int first = key_digit(s[0]), second = key_digit(s[1]);
    if (first < 0 || second < 0)
        return false;
    const int key =
        first < 10 ? first * 24 + second - 10 : first * 34 + second - 100;
    return (siren + 1 + key / 11) % 11 == key % 11;
}

const char *business_id_vat(struct arena *a, const char *text,
                            const char **clean)
{
    const char *s = bare(a, text, " .-", VAT_MAX);
    bool country = false, format = false;
    if (!s || strlen(s) < 4)
        return "must be a VAT number with its country";
    for (size_t i = 0; i < ARRAY_LEN(vat_formats); i++)
        if (memcmp(vat_formats[i].country, s, 2) == 0) {
            country = true;
            format |= fits(vat_formats[i].format, s + 2);
        }
    if (!country)
        return "must begin with the letters of a country of the EU, EL for "
               "Greece";
    if (!format)
        return "must be a VAT number in the form of its country";
    if (str_starts(s, "FR") && !french_ok(s + 2))
        return "must be a French VAT number whose key fits";
    *clean = s;
    return NULL;
}

/* ---- telephone, country -------------------------------------------------- */

const char *business_id_phone(struct arena *a, const char *text,
                              const char **clean)
{
    const char *s = bare(a, text, " .-/()", PHONE_MAX + 2);
    const bool abroad = s && (*s == '+' || str_starts(s, "00"));
    const char *digits = !s ? "" : *s == '+' ? s + 1 : abroad ? s + 2 : s;
    const size_t n = strlen(digits);
    if (n < PHONE_MIN || n > PHONE_MAX || !all_digits(digits, n) ||
        (abroad && *digits == '0'))
        return "must be a telephone number of 6 to 15 digits, from abroad "
               "with + and its country";
    *clean = abroad ? arena_printf(a, "+%s", digits) : digits;
    return NULL;
}

/* The officially assigned codes of ISO 3166-1, as of 2024. */
static const char countries[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI "
    "BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN "
    "CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP "
    "NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS YE YT ZA ZM ZW ";

const char *business_id_country(struct arena *a, const char *text,
                                const char **clean)
{
    const char *s = bare(a, text, "", 2);
    const char *at = s && strlen(s) == 2
                         ? strstr(countries, arena_printf(a, "%s ", s))
                         : NULL;
    if (!at)
        return "must be a country's two letters (ISO 3166-1)";
    *clean = s;
    return NULL;
}
