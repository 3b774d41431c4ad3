/* A program around comptoir_license.c, to try it and to call from scripts:
 *
 *   cc -o license_check license_check.c comptoir_license.c -lcrypto
 *   license_check [-t SECONDS] [-u UNITS] [-f] STATE KEYS KEY [LEASE [LIST]]
 *
 * KEYS, KEY, LEASE and LIST are files; KEYS holds the desk's public keys in
 * base64, one a line. -t: that time instead of now; -u: take so many units of
 * the lease's share; -f: the desk refused, forget the lease. Prints one line;
 * ends with 0 when the licence may be used, 1 when not, 2 for wrong use. */
#define _POSIX_C_SOURCE 200809L
#include "comptoir_license.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FILE_MOST = 1 << 20, KEYS_MOST = 8 };

struct options {
    int64_t now_s, units;
    int forget;
    char *const *files;
    int n_files;
};

static char *text_of(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = f ? malloc(FILE_MOST + 1) : NULL;
    size_t n = text ? fread(text, 1, FILE_MOST, f) : 0;
    if (f)
        fclose(f);
    if (!text)
        return NULL;
    while (n && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--;
    text[n] = 0;
    return text;
}

static size_t keys_of(const char *path, unsigned char out[KEYS_MOST][32])
{
    char line[128];
    size_t n = 0;
    FILE *f = fopen(path, "r");
    while (f && n < KEYS_MOST && fgets(line, sizeof line, f))
        n += comptoir_license_public_key(line, out[n]) == 0;
    if (f)
        fclose(f);
    return n;
}

static int options_of(int argc, char **argv, struct options *o)
{
    *o = (struct options){.now_s = time(NULL)};
    for (int c; (c = getopt(argc, argv, "t:u:f")) != -1;) {
        if (c == 't')
            o->now_s = strtoll(optarg, NULL, 10);
        else if (c == 'u')
            o->units = strtoll(optarg, NULL, 10);
        else if (c == 'f')
            o->forget = 1;
        else
            return 0;
    }
    o->files = argv + optind;
    o->n_files = argc - optind;
    return o->n_files >= 3 && o->n_files <= 5;
}

static enum comptoir_license_code run(const struct options *o,
                                      struct comptoir_license_answer *out)
{
    unsigned char keys[KEYS_MOST][32];
    struct comptoir_license_state state;
    struct comptoir_license_input in = {
        .key = text_of(o->files[2]),
        .lease = o->n_files > 3 ? text_of(o->files[3]) : NULL,
        .list = o->n_files > 4 ? text_of(o->files[4]) : NULL,
        .public_keys = (const unsigned char(*)[32])keys,
        .n_public_keys = keys_of(o->files[1], keys),
        .now_s = o->now_s};
    *out = (struct comptoir_license_answer){0};
    if (!in.key)
        return COMPTOIR_LICENSE_BAD_KEY;
    enum comptoir_license_code code =
        comptoir_license_load(o->files[0], in.key, &state);
    if (code == COMPTOIR_LICENSE_VALID) {
        if (o->forget)
            comptoir_license_forget(&state);
        code = comptoir_license_check(&in, &state, out);
        if (o->units)
            code = comptoir_license_use(&state, out, o->units);
        if (comptoir_license_save(o->files[0], in.key, &state))
            code = COMPTOIR_LICENSE_BAD_STATE;
    }
    free((void *)in.key);
    free((void *)in.lease);
    free((void *)in.list);
    return code;
}

int main(int argc, char **argv)
{
    struct options o;
    struct comptoir_license_answer a;
    if (!options_of(argc, argv, &o)) {
        fputs("usage: license_check [-t SECONDS] [-u UNITS] [-f] "
              "STATE KEYS KEY [LEASE [LIST]]\n",
              stderr);
        return 2;
    }
    enum comptoir_license_code code = run(&o, &a);
    printf("%s licence=%lld plan=%s usable_until=%lld left=%lld\n",
           comptoir_license_word(code), (long long)a.id, a.plan,
           (long long)a.usable_s, (long long)a.slice_left);
    return code <= COMPTOIR_LICENSE_GRACE ? 0 : 1;
}
