/* A main for fuzz targets where libFuzzer is not: runs every file of a corpus
 * folder, then mutations of them in an order that never changes, for a number
 * of seconds: PROGRAM SECONDS CORPUS KEEP. Speaks TAP. The input that ends
 * the program is kept in the file KEEP. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "fuzz.h"

enum { SEEDS_MAX = 512, INPUT_MAX = 1 << 16 };

static struct seed {
    uint8_t *p;
    size_t n;
} seeds[SEEDS_MAX];
static size_t n_seeds;
static uint8_t input[INPUT_MAX];
static size_t input_n;
static const char *keep_path;
static uint64_t state = 0x9E3779B97F4A7C15u;

/* ASan and UBSan end by abort, so that the input can be kept. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "abort_on_error=1:handle_abort=0:detect_leaks=0";
}
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
    return "abort_on_error=1:print_stacktrace=1";
}

static void keep_input(int sig)
{
    int fd = open(keep_path, O_CREAT | O_WRONLY | O_TRUNC, 0644);
    if (fd >= 0 && write(fd, input, input_n) == (ssize_t)input_n)
        close(fd);
    signal(sig, SIG_DFL);
    raise(sig);
}

static uint32_t dice(uint32_t sides)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % sides;
}

static void load_seed(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f || n_seeds == SEEDS_MAX)
        return;
    struct seed *s = &seeds[n_seeds++];
    s->p = malloc(INPUT_MAX);
    s->n = s->p ? fread(s->p, 1, INPUT_MAX, f) : 0;
    fclose(f);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void load_seeds(const char *dir)
{
    struct dirent **entries;
    int n = scandir(dir, &entries, NULL, by_name);
    for (int i = 0; i < n; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", dir, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            load_seed(path);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

static void move_tail(size_t at, size_t keep, size_t grow)
{
    if (at + keep > input_n || input_n - keep + grow > INPUT_MAX)
        return;
    memmove(input + at + grow, input + at + keep, input_n - at - keep);
    input_n = input_n - keep + grow;
}

/* One change: a bit, a byte, a cut, a repeat, or a piece of another seed. */
static void mutate(void)
{
    static const uint8_t odd[] = {0,   0xFF, 0x80, '\n', ' ', '-',
                                  '0', '9',  '"',  '%',  '/', 0xC3};
    size_t at = dice((uint32_t)input_n + 1);
    size_t n = 1 + dice(dice(4) ? 8 : 256);
    switch (input_n ? dice(6) : 3) {
    case 0:
        input[at % input_n] ^= (uint8_t)(1u << dice(8));
        return;
    case 1:
        input[at % input_n] = odd[dice(sizeof odd)];
        return;
    case 2:
        move_tail(at, n, 0);
        return;
    case 3: {
        size_t before = input_n;
        move_tail(at, 0, 1);
        if (input_n > before)
            input[at] = odd[dice(sizeof odd)];
        return;
    }
    case 4: {
        size_t before = input_n;
        n = n > input_n - at ? input_n - at : n;
        move_tail(at, 0, n);
        if (input_n > before)
            memmove(input + at, input + at + n, n);
        return;
    }
    default: {
        const struct seed *other = &seeds[dice((uint32_t)n_seeds)];
        size_t from = dice((uint32_t)other->n + 1), before = input_n;
        n = n > other->n - from ? other->n - from : n;
        move_tail(at, 0, n);
        if (input_n > before)
            memcpy(input + at, other->p + from, n);
    }
    }
}

static void run_seed(const struct seed *s, int changes)
{
    memcpy(input, s->p, s->n);
    input_n = s->n;
    while (changes-- > 0)
        mutate();
    /* An exact copy, so that ASan sees every byte read past its end. */
    uint8_t *copy = malloc(input_n ? input_n : 1);
    if (!copy)
        abort();
    memcpy(copy, input, input_n);
    LLVMFuzzerTestOneInput(copy, input_n);
    free(copy);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "%s SECONDS CORPUS KEEP\n", argv[0]);
        return 2;
    }
    double end = now() + strtod(argv[1], NULL);
    size_t runs = 0;
    load_seeds(argv[2]);
    keep_path = argv[3];
    signal(SIGABRT, keep_input);
    signal(SIGSEGV, keep_input);
    for (size_t i = 0; i < n_seeds; i++, runs++)
        run_seed(&seeds[i], 0);
    while (n_seeds && now() < end) {
        run_seed(&seeds[dice((uint32_t)n_seeds)], 1 + (int)dice(8));
        runs++;
    }
    printf("%sok 1 - %zu seeds, %zu inputs\n1..1\n", n_seeds ? "" : "not ",
           n_seeds, runs);
    return n_seeds == 0;
}
