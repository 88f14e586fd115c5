#include "amnesia.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "core/rng.h"
#include "core/str.h"

enum { FILES_MAX = 8, PATH_LENGTH_MAX = 512, SECTOR = 512 };

/* A write since the last sync; `before` bytes of old and `length` of new content follow. */
struct record {
    int64_t offset;
    int64_t length;
    int64_t before;   /* bytes that stood there */
    int64_t size;     /* of the file before */
    bool is_truncate; /* to `offset` */
};

struct memory {
    char path[PATH_LENGTH_MAX];
    struct buf log;  /* records, one behind the other */
    struct buf tail; /* where each record begins, size_t */
};

struct file {
    sqlite3_file base;
    struct memory *memory; /* NULL: not remembered */
    sqlite3_file *real;
};

static struct {
    pthread_mutex_t mutex;
    sqlite3_vfs vfs;
    sqlite3_vfs *usual;
    struct memory files[FILES_MAX];
    size_t count;
    int64_t steps_left; /* -1: no cut is due */
    bool cut;
    bool full;
    bool sync_failing;
    int64_t syncs;
} amnesia = {.mutex = PTHREAD_MUTEX_INITIALIZER, .steps_left = -1};

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct file *)(void *)file)->real;
}

/* One step of writing; false when it is behind the cut. With the mutex held. */
static bool step(void)
{
    if (amnesia.steps_left > 0)
        amnesia.steps_left--;
    else if (amnesia.steps_left == 0)
        amnesia.cut = true;
    return !amnesia.cut;
}

static void remember(struct file *file, const void *bytes, int64_t length, int64_t offset,
                     bool truncate)
{
    struct memory *memory = file->memory;
    sqlite3_int64 size = 0;
    if (memory == NULL)
        return;
    file->real->pMethods->xFileSize(file->real, &size);
    struct record record = {
        .offset = offset, .length = truncate ? 0 : length, .size = size, .is_truncate = truncate};
    int64_t end = truncate ? size : offset + length;
    end = end < size ? end : size;
    record.before = end > offset ? end - offset : 0;
    size_t at = memory->log.length;
    buf_append(&memory->tail, (struct str){(const char *)&at, sizeof(at)});
    buf_append(&memory->log, (struct str){(const char *)&record, sizeof(record)});
    char *old = buf_reserve(&memory->log, (size_t)record.before);
    if (record.before > 0)
        file->real->pMethods->xRead(file->real, old, (int)record.before, offset);
    memory->log.length += (size_t)record.before;
    if (!truncate)
        buf_append(&memory->log, (struct str){bytes, (size_t)length});
}

static int file_write(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset)
{
    struct file *file = (struct file *)(void *)base;
    pthread_mutex_lock(&amnesia.mutex);
    int code = amnesia.full ? SQLITE_FULL : SQLITE_OK;
    if (code == SQLITE_OK && file->memory != NULL && !step())
        code = SQLITE_IOERR_WRITE;
    if (code == SQLITE_OK) {
        remember(file, bytes, length, offset, false);
        code = file->real->pMethods->xWrite(file->real, bytes, length, offset);
    }
    pthread_mutex_unlock(&amnesia.mutex);
    return code;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct file *file = (struct file *)(void *)base;
    pthread_mutex_lock(&amnesia.mutex);
    int code = file->memory != NULL && !step() ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
    if (code == SQLITE_OK) {
        remember(file, NULL, 0, size, true);
        code = file->real->pMethods->xTruncate(file->real, size);
    }
    pthread_mutex_unlock(&amnesia.mutex);
    return code;
}

static int file_sync(sqlite3_file *base, int flags)
{
    struct file *file = (struct file *)(void *)base;
    (void)flags; /* the real sync is left out: it is slow, and the machine stays up */
    pthread_mutex_lock(&amnesia.mutex);
    int code = amnesia.sync_failing ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    if (code == SQLITE_OK && file->memory != NULL && !step())
        code = SQLITE_IOERR_FSYNC;
    if (code == SQLITE_OK && file->memory != NULL) {
        buf_reset(&file->memory->log);
        buf_reset(&file->memory->tail);
        amnesia.syncs++;
    }
    pthread_mutex_unlock(&amnesia.mutex);
    return code;
}

static int file_close(sqlite3_file *base)
{
    return real_of(base)->pMethods->xClose(real_of(base));
}

static int file_read(sqlite3_file *base, void *bytes, int length, sqlite3_int64 offset)
{
    return real_of(base)->pMethods->xRead(real_of(base), bytes, length, offset);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size)
{
    return real_of(base)->pMethods->xFileSize(real_of(base), size);
}

static int file_lock(sqlite3_file *base, int level)
{
    return real_of(base)->pMethods->xLock(real_of(base), level);
}

static int file_unlock(sqlite3_file *base, int level)
{
    return real_of(base)->pMethods->xUnlock(real_of(base), level);
}

static int file_reserved(sqlite3_file *base, int *result)
{
    return real_of(base)->pMethods->xCheckReservedLock(real_of(base), result);
}

static int file_control(sqlite3_file *base, int what, void *argument)
{
    return real_of(base)->pMethods->xFileControl(real_of(base), what, argument);
}

static int file_sector(sqlite3_file *base)
{
    (void)base;
    return SECTOR;
}

static int file_traits(sqlite3_file *base)
{
    (void)base;
    return 0; /* nothing is promised, not even a whole sector */
}

static int file_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **at)
{
    return real_of(base)->pMethods->xShmMap(real_of(base), page, size, extend, at);
}

static int file_shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
    return real_of(base)->pMethods->xShmLock(real_of(base), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *base)
{
    real_of(base)->pMethods->xShmBarrier(real_of(base));
}

static int file_shm_unmap(sqlite3_file *base, int remove)
{
    return real_of(base)->pMethods->xShmUnmap(real_of(base), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* no memory map: it would pass us by */
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static struct memory *memory_of(const char *path)
{
    for (size_t i = 0; i < amnesia.count; i++) {
        if (strcmp(amnesia.files[i].path, path) == 0)
            return &amnesia.files[i];
    }
    struct str text = str_from_c(path);
    assert(amnesia.count < FILES_MAX && text.length < PATH_LENGTH_MAX);
    struct memory *memory = &amnesia.files[amnesia.count++];
    memcpy(memory->path, text.text, text.length + 1);
    return memory;
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out)
{
    struct file *file = (struct file *)(void *)base;
    (void)vfs;
    file->real = (sqlite3_file *)(void *)(file + 1);
    file->memory = NULL;
    if (path != NULL && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0) {
        pthread_mutex_lock(&amnesia.mutex);
        file->memory = memory_of(path);
        pthread_mutex_unlock(&amnesia.mutex);
    }
    int code = amnesia.usual->xOpen(amnesia.usual, path, file->real, flags, out);
    file->base.pMethods = file->real->pMethods == NULL ? NULL : &methods;
    return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
    (void)vfs;
    pthread_mutex_lock(&amnesia.mutex);
    bool cut = amnesia.cut;
    pthread_mutex_unlock(&amnesia.mutex);
    return cut ? SQLITE_IOERR_DELETE : amnesia.usual->xDelete(amnesia.usual, path, sync_folder);
}

void amnesia_reset(void)
{
    if (amnesia.usual == NULL) {
        amnesia.usual = sqlite3_vfs_find(NULL);
        amnesia.vfs = *amnesia.usual;
        amnesia.vfs.zName = AMNESIA_VFS;
        amnesia.vfs.szOsFile = (int)sizeof(struct file) + amnesia.usual->szOsFile;
        amnesia.vfs.xOpen = vfs_open;
        amnesia.vfs.xDelete = vfs_delete;
        amnesia.vfs.pNext = NULL;
        sqlite3_vfs_register(&amnesia.vfs, 0);
    }
    for (size_t i = 0; i < amnesia.count; i++) {
        buf_clear(&amnesia.files[i].log);
        buf_clear(&amnesia.files[i].tail);
    }
    amnesia.count = 0;
    amnesia.steps_left = -1;
    amnesia.cut = amnesia.full = amnesia.sync_failing = false;
    amnesia.syncs = 0;
}

void amnesia_cut_after(int64_t steps)
{
    pthread_mutex_lock(&amnesia.mutex);
    amnesia.steps_left = steps == 0 ? -1 : steps;
    pthread_mutex_unlock(&amnesia.mutex);
}

bool amnesia_is_cut(void)
{
    pthread_mutex_lock(&amnesia.mutex);
    bool cut = amnesia.cut;
    pthread_mutex_unlock(&amnesia.mutex);
    return cut;
}

void amnesia_set_full(bool full)
{
    pthread_mutex_lock(&amnesia.mutex);
    amnesia.full = full;
    pthread_mutex_unlock(&amnesia.mutex);
}

void amnesia_set_sync_failing(bool failing)
{
    pthread_mutex_lock(&amnesia.mutex);
    amnesia.sync_failing = failing;
    pthread_mutex_unlock(&amnesia.mutex);
}

int64_t amnesia_sync_count(void)
{
    pthread_mutex_lock(&amnesia.mutex);
    int64_t count = amnesia.syncs;
    pthread_mutex_unlock(&amnesia.mutex);
    return count;
}

int64_t amnesia_unsynced(void)
{
    int64_t bytes = 0;
    pthread_mutex_lock(&amnesia.mutex);
    for (size_t i = 0; i < amnesia.count; i++)
        bytes += (int64_t)amnesia.files[i].log.length;
    pthread_mutex_unlock(&amnesia.mutex);
    return bytes;
}

static struct record record_at(const struct memory *memory, size_t index, const char **bytes)
{
    struct record record;
    size_t at;
    memcpy(&at, memory->tail.text + index * sizeof(at), sizeof(at));
    memcpy(&record, memory->log.text + at, sizeof(record));
    *bytes = memory->log.text + at + sizeof(record);
    return record;
}

static void put(int file, const char *bytes, int64_t length, int64_t offset)
{
    ssize_t wrote = length > 0 ? pwrite(file, bytes, (size_t)length, offset) : 0;
    assert(wrote == length);
    (void)wrote;
}

static void cut_to(int file, int64_t size)
{
    int code = ftruncate(file, size);
    assert(code == 0);
    (void)code;
}

static void strike_file(const struct memory *memory, bool scatter, struct rng_key key)
{
    size_t count = memory->tail.length / sizeof(size_t);
    int file = open(memory->path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return; /* removed since: a log that was no longer needed */
    const char *bytes;
    for (size_t i = count; i > 0; i--) {
        struct record record = record_at(memory, i - 1, &bytes);
        cut_to(file, record.size);
        put(file, bytes, record.before, record.offset);
    }
    for (size_t i = 0; i < count && scatter; i++) {
        struct record record = record_at(memory, i, &bytes);
        uint64_t chance = rng_at(key, 1, 0, 0, i, 0, 0).word[0];
        int64_t length = record.length;
        if (chance % 3 == 0)
            continue;
        if (chance % 3 == 1)
            length = length / SECTOR * SECTOR / 2;
        if (record.is_truncate)
            cut_to(file, record.offset);
        else
            put(file, bytes + record.before, length, record.offset);
    }
    close(file);
}

void amnesia_strike(bool scatter, uint64_t seed)
{
    struct rng_key key = rng_key_from_text((struct str){(const char *)&seed, sizeof(seed)});
    for (size_t i = 0; i < amnesia.count; i++)
        strike_file(&amnesia.files[i], scatter, key);
    for (size_t i = 0; i < amnesia.count; i++) { /* the shared memory goes with the power */
        struct buf path;
        buf_init(&path);
        buf_append_c(&path, amnesia.files[i].path);
        buf_append(&path, (struct str){"-shm", 5});
        unlink(path.text);
        buf_clear(&path);
    }
    amnesia_reset();
}
