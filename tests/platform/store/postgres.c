#include "postgres.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/err.h"
#include "core/file.h"

/* Numbers of types in pg_type, which never change. */
enum {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_FLOAT4 = 700,
    PG_FLOAT8 = 701,
    PG_VARCHAR = 1043
};

enum { COMMAND_MAX = 256, WAIT_STEPS = 600, WAIT_STEP_US = 50000, PARAMETERS_MAX = 64 };

static const char *bin_folder(void)
{
    const char *named = getenv("SAMPAN_POSTGRES_BIN");
    return named == NULL ? "/usr/lib/postgresql/15/bin" : named;
}

/* The server refuses to run as root; then the packages' own user or nobody runs it. */
static const struct passwd *other_user(void)
{
    if (geteuid() != 0)
        return NULL;
    const struct passwd *user = getpwnam("postgres");
    return user == NULL ? getpwnam("nobody") : user;
}

static pid_t run(const char *log, char *const *arguments)
{
    const struct passwd *user = other_user();
    pid_t child = fork();
    if (child != 0)
        return child;
    if (user != NULL && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
        _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGQUIT); /* a killed test leaves no server */
    if (freopen("/dev/null", "r", stdin) == NULL || freopen(log, "a", stdout) == NULL ||
        dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
        _exit(126);
    execv(arguments[0], arguments);
    _exit(127);
}

static bool make_cluster(const struct postgres *postgres, const char *log)
{
    char program[COMMAND_MAX];
    char data[COMMAND_MAX];
    char user[] = "--username=sampan";
    char trust[] = "--auth=trust";
    char no_sync[] = "--no-sync";
    char utf8[] = "--encoding=UTF8";
    char locale[] = "--locale=C";
    int status;
    snprintf(program, sizeof(program), "%s/initdb", bin_folder());
    snprintf(data, sizeof(data), "--pgdata=%s/data", postgres->folder);
    char *const arguments[] = {program, data, user, trust, no_sync, utf8, locale, NULL};
    pid_t child = run(log, arguments);
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static bool connect_to(struct postgres *postgres)
{
    char where[COMMAND_MAX];
    snprintf(where, sizeof(where), "host=%s dbname=postgres user=sampan", postgres->folder);
    for (int i = 0; i < WAIT_STEPS && waitpid(postgres->server, NULL, WNOHANG) == 0; i++) {
        postgres->connection = PQconnectdb(where);
        if (PQstatus(postgres->connection) == CONNECTION_OK)
            return true;
        PQfinish(postgres->connection);
        postgres->connection = NULL;
        usleep(WAIT_STEP_US);
    }
    return false;
}

static bool start_server(struct postgres *postgres, const char *log)
{
    char program[COMMAND_MAX];
    char data[COMMAND_MAX];
    char socket[COMMAND_MAX];
    char directory_flag[] = "-D";
    char socket_flag[] = "-k";
    char set[] = "-c";
    char no_address[] = "listen_addresses=";
    char no_sync[] = "fsync=off";
    snprintf(program, sizeof(program), "%s/postgres", bin_folder());
    snprintf(data, sizeof(data), "%s/data", postgres->folder);
    snprintf(socket, sizeof(socket), "%s", postgres->folder);
    char *const arguments[] = {program, directory_flag, data, socket_flag, socket,
                               set,     no_address,     set,  no_sync,     NULL};
    postgres->server = run(log, arguments);
    return postgres->server > 0 && connect_to(postgres);
}

bool postgres_start(struct postgres *postgres)
{
    char program[COMMAND_MAX];
    char log[COMMAND_MAX];
    const struct passwd *user = other_user();
    *postgres = (struct postgres){.folder = "/tmp/sampan-postgres-XXXXXX"};
    snprintf(program, sizeof(program), "%s/postgres", bin_folder());
    if (access(program, X_OK) != 0) {
        postgres->folder[0] = '\0';
        postgres->missing = "PostgreSQL 15 is not installed (package postgresql-15)";
        return false;
    }
    if (mkdtemp(postgres->folder) == NULL ||
        (user != NULL && chown(postgres->folder, user->pw_uid, user->pw_gid) != 0)) {
        postgres->missing = "no temporary folder could be made";
        return false;
    }
    snprintf(log, sizeof(log), "%s/log", postgres->folder);
    if (make_cluster(postgres, log) && start_server(postgres, log))
        return true;
    postgres->missing = "PostgreSQL 15 could not be begun";
    return false;
}

void postgres_stop(struct postgres *postgres)
{
    struct problem problem;
    PQfinish(postgres->connection);
    if (postgres->server > 0) {
        kill(postgres->server, SIGQUIT);
        waitpid(postgres->server, NULL, 0);
    }
    if (postgres->folder[0] != '\0' && folder_remove(postgres->folder, &problem) != ERR_OK)
        fprintf(stderr, "%s was not removed\n", postgres->folder);
    *postgres = (struct postgres){0};
}

static int complain(struct buf *out, const char *place, const char *what, const char *more)
{
    buf_format(out, "%s: %s%s", place, what, more);
    if (out->length > 0 && out->text[out->length - 1] != '\n')
        buf_append_byte(out, '\n');
    return 1;
}

int postgres_migrate(struct postgres *postgres, const struct store_migration *migrations,
                     size_t count, struct buf *out)
{
    int complaints = 0;
    for (size_t i = 0; i < count && complaints == 0; i++) {
        PGresult *result = PQexec(postgres->connection, migrations[i].postgres);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            complaints += complain(out, migrations[i].name, "", PQresultErrorMessage(result));
        PQclear(result);
    }
    return complaints;
}

static Oid declared_type(enum store_type type)
{
    switch (type) {
    case STORE_ID:
    case STORE_INT64:
        return PG_INT8;
    case STORE_REAL8:
        return PG_FLOAT8;
    case STORE_BOOL:
        return PG_BOOL;
    case STORE_TEXT:
        return PG_TEXT;
    case STORE_BYTES:
        return PG_BYTEA;
    }
    return 0;
}

/* Shorter forms of the same kind can be read as the declared one. */
static bool suits(Oid found, enum store_type type)
{
    Oid declared = declared_type(type);
    return found == declared || (declared == PG_INT8 && (found == PG_INT4 || found == PG_INT2)) ||
           (declared == PG_FLOAT8 && found == PG_FLOAT4) ||
           (declared == PG_TEXT && found == PG_VARCHAR);
}

static int check_results(const PGresult *described, const struct store_statement *statement,
                         struct buf *out)
{
    char text[COMMAND_MAX];
    int complaints = 0;
    size_t count = statement->columns == NULL ? 0 : statement->columns->count;
    if ((size_t)PQnfields(described) != count)
        return complain(out, statement->place, "another number of results in PostgreSQL", "");
    for (size_t i = 0; i < count; i++) {
        const struct store_column *column = &statement->columns->columns[i];
        Oid found = PQftype(described, (int)i);
        if (strcmp(PQfname(described, (int)i), column->name) == 0 && suits(found, column->type))
            continue;
        snprintf(text, sizeof(text), "%s: in PostgreSQL the result %s has type %u, not %u",
                 statement->name, column->name, found, declared_type(column->type));
        complaints += complain(out, statement->place, text, "");
    }
    return complaints;
}

static int check_declared(struct postgres *postgres, const struct store_statement *statement,
                          struct buf *out)
{
    Oid types[PARAMETERS_MAX];
    int complaints;
    for (size_t i = 0; i < statement->parameter_count; i++)
        types[i] = declared_type(statement->parameters[i].type);
    PGresult *prepared = PQprepare(postgres->connection, "", statement->postgres,
                                   (int)statement->parameter_count, types);
    if (PQresultStatus(prepared) != PGRES_COMMAND_OK) {
        complaints = complain(out, statement->place, "", PQresultErrorMessage(prepared));
    } else {
        PGresult *described = PQdescribePrepared(postgres->connection, "");
        complaints = check_results(described, statement, out);
        PQclear(described);
    }
    PQclear(prepared);
    return complaints;
}

/* What PostgreSQL makes of the parameters when nothing is declared, where it can tell. */
static int check_inferred(struct postgres *postgres, const struct store_statement *statement,
                          struct buf *out)
{
    char text[COMMAND_MAX];
    int complaints = 0;
    PGresult *prepared = PQprepare(postgres->connection, "", statement->postgres, 0, NULL);
    PGresult *described = PQresultStatus(prepared) == PGRES_COMMAND_OK
                              ? PQdescribePrepared(postgres->connection, "")
                              : NULL;
    for (int i = 0; described != NULL && i < PQnparams(described); i++) {
        const struct store_parameter *parameter = &statement->parameters[i];
        Oid found = PQparamtype(described, i);
        if (suits(found, parameter->type))
            continue;
        snprintf(text, sizeof(text), "%s: PostgreSQL takes $%d (%s) for type %u, not %u",
                 statement->name, i + 1, parameter->name, found, declared_type(parameter->type));
        complaints += complain(out, statement->place, text, "");
    }
    PQclear(described);
    PQclear(prepared);
    return complaints;
}

int postgres_check(struct postgres *postgres, const struct store_statement *statement,
                   struct buf *out)
{
    int complaints = check_declared(postgres, statement, out);
    return complaints > 0 ? complaints : check_inferred(postgres, statement, out);
}
