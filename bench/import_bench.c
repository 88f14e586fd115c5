/* How fast order files become clean rows, and in how much memory.
 *
 * The table is the shared Online Retail file (SAMPAN_SHARED, or ../shared beside the source), or a
 * made one of the same shape when that is not there, written ten and a hundred times over with
 * dates shifted and orders and customers renamed, to a temporary folder (TMPDIR). Each import runs
 * in a process of its own, so that its largest resident size is its own. Beside it: counting
 * newlines of the same file, and the two decoders alone.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "app/datasets/datasets.h"
#include "app/datasets/input.h"
#include "core/arena.h"
#include "core/csv.h"
#include "core/date.h"
#include "core/file.h"
#include "core/rng.h"

enum { PATH_BYTES = 600, MADE_ROWS = 285421, DAYS_SHIFTED = 243, BLOCK = 1 << 20 };

static char folder[PATH_BYTES];
static char path_text[PATH_BYTES + 20];

static const char *in_folder(const char *name)
{
    snprintf(path_text, sizeof(path_text), "%s/%s", folder, name);
    return path_text;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void give_up(const char *what)
{
    fprintf(stderr, "import_bench: %s\n", what);
    exit(1);
}

static void must(enum err code, const struct problem *problem)
{
    if (code == ERR_OK)
        return;
    struct buf buf;
    buf_init(&buf);
    text_append_problem(&buf, LANG_EN, problem);
    buf_append_byte(&buf, '\0');
    give_up(buf.text);
}

/* ---- the table ---- */

static void unpack_shared(const char *path, struct buf *table)
{
    struct arena arena;
    struct input *input;
    struct problem problem = {0};
    size_t got = 1;
    arena_init(&arena);
    must(input_open_file(&arena, path, INPUT_UTF8_GUESSED, &input, &problem), &problem);
    while (got > 0) {
        char *into = buf_reserve(table, BLOCK);
        must(input_read(input, into, BLOCK, &got, &problem), &problem);
        table->length += got;
    }
    input_close(input);
    arena_clear(&arena);
}

/* Rows like those of the real file, all from one seed. */
static void make_table(struct buf *table)
{
    struct rng_key key = rng_key_from_text(STR("import bench"));
    int order = 536365;
    int left = 0;
    int customer = 0;
    int32_t day = 14944; /* 2010-12-01 */
    buf_append_c(table, "invoice_no,stock_code,description,quantity,invoice_at,unit_price_gbp,"
                        "customer_id,country_iso2,country_name\n");
    for (int i = 0; i < MADE_ROWS; i++) {
        struct rng_words words = rng_at(key, 1, 0, 0, (uint64_t)i, 0, 0);
        if (left-- == 0) {
            left = (int)rng_below(words.word[0], 38);
            customer = 12000 + (int)rng_below(words.word[1], 6000);
            order++;
            day += order % 70 == 0;
        }
        char date[11];
        date_format(day, date);
        int code = 20000 + (int)rng_below(words.word[2], 3600);
        buf_format(table,
                   "%d,%dA,ROUND SNACK BOXES SET OF %d WOODLAND,%d,%sT%02d:26:00,%d.%02d,%d,GB,"
                   "United Kingdom\n",
                   order, code, code % 12, 1 + code % 24, date, 8 + order % 9, code % 9, code % 100,
                   customer);
    }
}

static bool load_table(struct buf *table)
{
    const char *named = getenv("SAMPAN_SHARED");
    char path[PATH_BYTES];
    snprintf(path, sizeof(path), "%s/data/online-retail/online-retail-2010-12_2011-07.csv.gz",
             named && named[0] ? named : SAMPAN_SOURCE_ROOT "/../shared");
    if (file_exists(path)) {
        unpack_shared(path, table);
        return true;
    }
    make_table(table);
    return false;
}

/* One row of copy `copy`: the date later, the order and the customer another. */
static void append_copy(struct buf *out, const struct csv_row *row, int copy, const int *columns)
{
    for (uint32_t i = 0; i < row->count; i++) {
        struct str field = row->fields[i];
        if (i > 0)
            buf_append_byte(out, ',');
        if ((int)i == columns[0]) {
            if (field.length > 0 && field.text[0] == 'C') {
                buf_append_byte(out, 'C');
                field = str_slice(field, 1, field.length - 1);
            }
            buf_format(out, "%02d", copy);
        } else if ((int)i == columns[1] && field.length > 0) {
            buf_format(out, "%02d", copy);
        } else if ((int)i == columns[2]) {
            int32_t day = 0;
            char date[11];
            if (!date_parse(str_slice(field, 0, 10), &day))
                give_up("the shared file has another date");
            date_format(day + copy * DAYS_SHIFTED, date);
            buf_append_c(out, date);
            field = str_slice(field, 10, field.length - 10);
        }
        csv_append_field(out, field, ',');
    }
    buf_append_byte(out, '\n');
}

struct memory {
    struct str text;
    size_t at;
};

static enum err read_memory(void *context, char *into, size_t capacity, size_t *got,
                            struct problem *problem)
{
    struct memory *memory = context;
    size_t left = memory->text.length - memory->at;
    (void)problem;
    *got = left < capacity ? left : capacity;
    memcpy(into, memory->text.text + memory->at, *got);
    memory->at += *got;
    return ERR_OK;
}

static int find_column(const struct csv_row *header, const char *name)
{
    for (uint32_t i = 0; i < header->count; i++)
        if (str_equal_c(header->fields[i], name))
            return (int)i;
    return -1;
}

static int64_t write_copies(struct str table, int copies, const char *path)
{
    FILE *file = fopen(path, "wb");
    struct buf out;
    int64_t bytes = 0;
    if (!file)
        give_up("no room for the table");
    buf_init(&out);
    for (int copy = 0; copy < copies; copy++) {
        struct arena arena;
        struct memory memory = {table, 0};
        struct csv_options options = {.delimiter = ',', .quotes = true};
        struct csv_row row;
        struct problem problem = {0};
        bool found = true;
        arena_init(&arena);
        struct csv *csv = csv_open(&arena, (struct csv_source){&memory, read_memory}, options);
        must(csv_next(csv, &row, &found, &problem), &problem);
        int columns[] = {find_column(&row, "invoice_no"), find_column(&row, "customer_id"),
                         find_column(&row, "invoice_at")};
        if (copy == 0) {
            buf_append(&out, row.text);
            buf_append_byte(&out, '\n');
        }
        for (;;) {
            must(csv_next(csv, &row, &found, &problem), &problem);
            if (found)
                append_copy(&out, &row, copy, columns);
            if (!found || out.length > BLOCK) {
                if (fwrite(out.text, 1, out.length, file) != out.length)
                    give_up("no room for the table");
                bytes += (int64_t)out.length;
                buf_reset(&out);
            }
            if (!found)
                break;
        }
        arena_clear(&arena);
    }
    if (fclose(file) != 0)
        give_up("no room for the table");
    buf_clear(&out);
    return bytes;
}

/* ---- the measured parts ---- */

static int64_t count_newlines(const char *path)
{
    static char block[BLOCK];
    int64_t count = 0;
    int file = open(path, O_RDONLY);
    for (ssize_t got; (got = read(file, block, sizeof(block))) > 0;)
        for (char *at = block; (at = memchr(at, '\n', (size_t)(block + got - at))) != NULL; at++)
            count++;
    close(file);
    return count;
}

/* Text bytes that come out of a packed file, nothing done with them. */
static int64_t unpack_only(const char *path)
{
    static char block[BLOCK];
    struct arena arena;
    struct unpack *unpack;
    struct problem problem = {0};
    size_t got = 1;
    int64_t bytes = 0;
    arena_init(&arena);
    must(unpack_open_file(&arena, path, &unpack, &problem), &problem);
    while (got > 0) {
        must(unpack_read(unpack, block, sizeof(block), &got, &problem), &problem);
        bytes += (int64_t)got;
    }
    unpack_close(unpack);
    arena_clear(&arena);
    return bytes;
}

struct result {
    double seconds;
    double rss_mb;
    int64_t rows;
};

static void import_here(const char *path, int answer)
{
    struct buf report;
    struct problem problem = {0};
    struct result result = {0};
    char into[PATH_BYTES + 20];
    snprintf(into, sizeof(into), "%s/set", folder);
    struct dataset_import_options options = {.files = &path, .file_count = 1, .into = into};
    buf_init(&report);
    double start = seconds();
    must(dataset_import(&options, &report, &problem), &problem);
    result.seconds = seconds() - start;
    struct arena arena;
    struct dataset *dataset;
    arena_init(&arena);
    must(dataset_open(&arena, into, &dataset, &problem), &problem);
    result.rows = dataset_summary(dataset).rows;
    dataset_close(dataset);
    must(folder_remove(into, &problem), &problem);
    if (write(answer, &result, sizeof(result)) != sizeof(result))
        give_up("the answer is lost");
    _exit(0); /* what the parent has printed and not yet written stays its own */
}

static struct result import_apart(const char *path)
{
    int ends[2];
    struct result result = {0};
    struct rusage usage;
    int status;
    if (pipe(ends) != 0)
        give_up("no pipe");
    pid_t child = fork();
    if (child == 0)
        import_here(path, ends[1]);
    close(ends[1]);
    if (read(ends[0], &result, sizeof(result)) != sizeof(result) ||
        wait4(child, &status, 0, &usage) != child || status != 0)
        give_up("an import failed");
    close(ends[0]);
    result.rss_mb = (double)usage.ru_maxrss / 1024;
    return result;
}

static void pack_gzip(struct str text, const char *path)
{
    gzFile file = gzopen(path, "wb6");
    if (!file || gzwrite(file, text.text, (unsigned)text.length) != (int)text.length ||
        gzclose(file) != Z_OK)
        give_up("gzip");
}

static void pack_zstd(struct str text, const char *path)
{
    struct problem problem = {0};
    struct buf packed;
    buf_init(&packed);
    size_t bound = ZSTD_compressBound(text.length);
    size_t length = ZSTD_compress(buf_reserve(&packed, bound), bound, text.text, text.length, 3);
    if (ZSTD_isError(length))
        give_up("zstd");
    packed.length = length;
    must(file_write_atomic(path, buf_str(&packed), 0644, &problem), &problem);
    buf_clear(&packed);
}

static void measure_packed(const char *name, const char *file)
{
    char path[PATH_BYTES + 20];
    snprintf(path, sizeof(path), "%s", in_folder(file));
    double start = seconds();
    double bytes = (double)unpack_only(path);
    printf("beside import_%s_decoder_alone %.1f MB/s\n", name, bytes / 1e6 / (seconds() - start));
    struct result result = import_apart(path);
    printf("beside import_from_%s %.1f MB/s of text\n", name, bytes / 1e6 / result.seconds);
    fflush(stdout);
}

static void measure_copies(const char *file, int copies, double bytes, bool is_goal)
{
    char path[PATH_BYTES + 20];
    snprintf(path, sizeof(path), "%s", in_folder(file));
    (void)count_newlines(path); /* into the page cache, as far as it goes */
    double start = seconds();
    int64_t lines = count_newlines(path);
    double newline_rate = bytes / 1e6 / (seconds() - start);
    struct result result = import_apart(path);
    double rate = bytes / 1e6 / result.seconds;
    printf("%d copies: %.0f MB, %lld lines, %lld clean rows, %.2f s\n", copies, bytes / 1e6,
           (long long)lines, (long long)result.rows, result.seconds);
    printf("beside import_newline_count_%dx %.1f MB/s\n", copies, newline_rate);
    if (is_goal)
        printf("bench import_clean_rows %.1f MB/s goal >= 150 %s\n", rate,
               rate >= 150 ? "ok" : "short");
    else
        printf("beside import_clean_rows_%dx %.1f MB/s\n", copies, rate);
    printf("bench import_peak_rss_%dx %.1f MiB goal <= 256 %s\n", copies, result.rss_mb,
           result.rss_mb <= 256 ? "ok" : "short");
    fflush(stdout);
}

static int largest_copies(double bytes_each)
{
    struct statvfs status;
    if (statvfs(folder, &status) != 0)
        return 10;
    double room = (double)status.f_bavail * (double)status.f_frsize;
    return room > 130 * bytes_each + 1e9 ? 100 : 20;
}

int main(void)
{
    struct buf table;
    struct problem problem = {0};
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/sampan-bench-XXXXXX", base && base[0] ? base : "/tmp");
    if (!mkdtemp(folder))
        give_up("no temporary folder");
    buf_init(&table);
    bool shared = load_table(&table);
    int most = largest_copies((double)table.length);
    printf("table: %s, %.1f MB, csv scan %s\n", shared ? "Online Retail" : "made here",
           (double)table.length / 1e6, csv_scan_name());
    if (most < 100)
        printf("there is no room for a hundred copies; %d are taken\n", most);
    pack_gzip(buf_str(&table), in_folder("table.csv.gz"));
    pack_zstd(buf_str(&table), in_folder("table.csv.zst"));
    double few = (double)write_copies(buf_str(&table), 10, in_folder("few.csv"));
    double many = (double)write_copies(buf_str(&table), most, in_folder("many.csv"));
    buf_clear(&table); /* before the imports, whose memory is measured in children */
    measure_packed("gzip", "table.csv.gz");
    measure_packed("zstd", "table.csv.zst");
    measure_copies("few.csv", 10, few, false);
    measure_copies("many.csv", most, many, true);
    must(folder_remove(folder, &problem), &problem);
    return 0;
}
