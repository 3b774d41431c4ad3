/* Proofs are made by a kept child: one process for many, replaced when it
 * dies, whose desk no child that reads files can see. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/str.h"
#include "document/document.h"
#include "program.h"
#include "rawpdf.h"
#include "tap.h"

static const struct needle secret[] = {{NEEDLE_WORD, "Dupont"}};

static enum err prove(struct arena *a, const char *words, const char *neutral)
{
    const char *found;
    const char *page =
        arena_printf(a, "BT /F1 12 Tf 72 700 Td (%s) Tj ET", words);
    return document_prove(a, rawpdf_plain(a, page, ""), neutral, secret, 1,
                          &found);
}

/* The last child of the document parent; 0 when it has none. */
static pid_t child(void)
{
    char path[96];
    const int parent = document_client_pid();
    int pid, last = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
    FILE *f = fopen(path, "r");
    while (f && fscanf(f, "%d", &pid) == 1)
        last = pid;
    if (f)
        fclose(f);
    return last;
}

/* Shared writable mappings of the parent, and those its children inherit. */
static void shared(int *all, int *inherited)
{
    char line[512];
    bool is_shared = false;
    snprintf(line, sizeof line, "/proc/%d/smaps", document_client_pid());
    FILE *f = fopen(line, "r");
    *all = *inherited = 0;
    while (f && fgets(line, sizeof line, f)) {
        if (strstr(line, " rw-s "))
            is_shared = true;
        else if (strstr(line, " r--p ") || strstr(line, " rw-p "))
            is_shared = false;
        if (!str_starts(line, "VmFlags:") || !is_shared)
            continue;
        ++*all;
        *inherited += strstr(line, " dc") == NULL;
        is_shared = false;
    }
    if (f)
        fclose(f);
}

static void kept(struct arena *a)
{
    tap_is_int(prove(a, "Un rapport sans nom", ""), OK, "a clean report");
    const pid_t first = child();
    tap_ok(first > 0, "its prover lives on");
    tap_is_int(prove(a, "Mme Dupont paie trop", ""), ERR_ANONYMISATION_FAILED,
               "a name in the next one is found");
    tap_is_int(prove(a, "Un rapport sans nom", ""), OK,
               "and forgotten in the one after");
    tap_is_int(child(), first, "all by one process");
    int all, inherited;
    shared(&all, &inherited);
    tap_is_int(all, 1, "it shares one desk with the parent");
    tap_is_int(inherited, 0, "which no other child inherits");
}

static void replaced(struct arena *a)
{
    const pid_t first = child();
    kill(first, SIGKILL);
    while (child() == first) /* ends when the parent has buried it */
        sched_yield();
    tap_is_int(prove(a, "Un rapport sans nom", ""), OK,
               "another prover follows one that was killed");
    tap_ok(child() > 0 && child() != first, "it is another process");
}

static void many(struct arena *a)
{
    const pid_t first = child();
    int good = 0;
    for (int i = 0; i < 520; i++) {
        struct arena *one = arena_new(65536);
        good += prove(one, "Un rapport sans nom", "") == OK;
        arena_free(one);
    }
    tap_is_int(good, 520, "520 proofs, none lost when the prover retires");
    tap_ok(child() != first, "it has retired");
    char *neutral = arena_alloc(a, 3 << 20);
    memset(neutral, 'x', (3 << 20) - 1);
    neutral[(3 << 20) - 1] = '\0';
    tap_is_int(prove(a, "Un rapport sans nom", neutral), OK,
               "a proof with three megabytes of neutral text");
}

int main(void)
{
    if (access(program_path("comptoir-documents"), X_OK) != 0)
        tap_skip_all("comptoir-documents is not built");
    setenv("DOCUMENT_PROCESSES", "1", 1);
    if (conf_init() != NULL)
        return 1;
    struct arena *a = arena_new(65536);
    tap_ok(document_client_start(program_path("comptoir-documents")),
           "the document parent starts");
    kept(a);
    replaced(a);
    many(a);
    document_client_stop();
    arena_free(a);
    return tap_done();
}
