/* mail KIND LANGUAGE TO [NAME=VALUE...]: sends one mail by the settings of the
 * environment; says "sent", or the error's code. Exit 0 when sent. */
#include "wire/mail.h"
#include <stdio.h>
#include <string.h>
#include "base/conf.h"
#include "base/log.h"

enum { WORDS_MAX = 16 };

int main(int argc, char **argv)
{
    struct mail_word words[WORDS_MAX];
    size_t n = 0;
    const char *bad = conf_init();
    bad = bad ? bad : mail_init();
    if (argc < 4 || bad) {
        fprintf(stderr, "%s\n",
                bad ? bad : "mail KIND LANGUAGE TO [NAME=VALUE...]");
        return 2;
    }
    log_init("mail");
    for (int i = 4; i < argc && n < WORDS_MAX; i++) {
        char *equal = strchr(argv[i], '=');
        if (!equal)
            continue;
        *equal = '\0';
        words[n++] = (struct mail_word){argv[i], equal + 1};
    }
    struct arena *a = arena_new(8192);
    const struct mail m = {.to = argv[3],
                           .kind = argv[1],
                           .language = argv[2],
                           .words = words,
                           .n_words = n};
    enum err e = mail_send(a, &m);
    puts(e ? err_code(e) : "sent");
    arena_free(a);
    return e != OK;
}
