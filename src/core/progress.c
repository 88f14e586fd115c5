/* The parts of core/file.h that talk with the person at the terminal: interrupts and progress. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"

static volatile sig_atomic_t interrupt_flag;

static void interrupt_note(int number)
{
    if (interrupt_flag)
        _exit(128 + number);
    interrupt_flag = 1;
}

void interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = interrupt_note, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool interrupt_asked(void)
{
    return interrupt_flag != 0;
}

enum { PROGRESS_LABEL_MAX = 80 };

static const int64_t PROGRESS_QUIET_MS = 1000;
static const int64_t PROGRESS_TERMINAL_MS = 200;
static const int64_t PROGRESS_LOG_MS = 10000;

struct progress {
    char label[PROGRESS_LABEL_MAX];
    int64_t total; /* 0: unknown */
    int64_t started_ms;
    int64_t shown_ms;
    bool terminal;
    bool shown;
};

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct progress *progress_begin(const char *label_translated, int64_t total)
{
    struct progress *progress = calloc(1, sizeof(*progress));
    if (progress == NULL)
        abort();
    struct str label = str_from_c(label_translated);
    size_t length = str_utf8_cut(label, sizeof(progress->label) - 1);
    memcpy(progress->label, label.text, length);
    progress->total = total;
    progress->terminal = isatty(STDERR_FILENO) == 1;
    progress->started_ms = monotonic_ms();
    progress->shown_ms = progress->started_ms;
    return progress;
}

static void progress_show(struct progress *progress, int64_t done, int64_t now_ms)
{
    int64_t seconds = (now_ms - progress->started_ms) / 1000;
    const char *start = progress->terminal ? "\r" : "";
    const char *end = progress->terminal ? "\033[K" : "\n";
    if (progress->total > 0) {
        double percent = 100.0 * (double)done / (double)progress->total;
        fprintf(stderr, "%s%s  %d %%  %lld s%s", start, progress->label,
                percent > 100 ? 100 : (int)percent, (long long)seconds, end);
    } else {
        fprintf(stderr, "%s%s  %lld  %lld s%s", start, progress->label, (long long)done,
                (long long)seconds, end);
    }
    fflush(stderr);
    progress->shown = true;
    progress->shown_ms = now_ms;
}

void progress_set(struct progress *progress, int64_t done)
{
    int64_t now_ms = monotonic_ms();
    int64_t every_ms = progress->terminal ? PROGRESS_TERMINAL_MS : PROGRESS_LOG_MS;
    if (now_ms - progress->started_ms < PROGRESS_QUIET_MS || now_ms - progress->shown_ms < every_ms)
        return;
    progress_show(progress, done, now_ms);
}

void progress_end(struct progress *progress)
{
    if (progress == NULL)
        return;
    if (progress->shown && progress->terminal)
        fputs("\r\033[K", stderr);
    free(progress);
}
