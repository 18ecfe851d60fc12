# One throw-away Postgres and one MariaDB on free ports, handed over as CONVENE_TEST_POSTGRES_URL and CONVENE_TEST_MYSQL_URL. Sourced.
DATABASE_PIDS=()
DATABASE_FOLDER=

# Both servers refuse to run as root: as_user USER COMMAND... runs a command as that system user if we are root.
as_user() {
    local user=$1
    shift
    if [[ $(id -u) != 0 ]]; then
        exec "$@"
    fi
    exec setpriv --reuid="$user" --regid="$user" --clear-groups -- "$@"
}

start_databases() {
    DATABASE_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/convene-databases.XXXXXX")
    chmod 755 "$DATABASE_FOLDER"
    start_postgres "$DATABASE_FOLDER/postgres"
    start_mariadb "$DATABASE_FOLDER/mariadb"
}

# make_folder USER FOLDER
make_folder() {
    mkdir -p "$2"
    if [[ $(id -u) == 0 ]]; then chown "$1" "$2"; fi
}

start_postgres() {
    local folder=$1 bin port
    bin=$(postgres_folder)
    port=$(free_port)
    make_folder postgres "$folder"
    (cd / && as_user postgres "$bin/initdb" -D "$folder/data" -U convene -A trust -E UTF8 --locale=C.UTF-8 --no-sync) \
        >"$folder.init.log" 2>&1 || { cat "$folder.init.log" >&2; return 1; }
    (cd / && as_user postgres "$bin/postgres" -D "$folder/data" -k "$folder" -p "$port" -c listen_addresses=127.0.0.1 \
        -c fsync=off -c full_page_writes=off -c max_connections=300) >"$folder.log" 2>&1 &
    DATABASE_PIDS+=($!)
    wait_for 30 Postgres "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" || { tail "$folder.log" >&2; return 1; }
    export CONVENE_TEST_POSTGRES_URL="postgres://convene@127.0.0.1:$port/postgres"
}

start_mariadb() {
    local folder=$1 port
    port=$(free_port)
    make_folder mysql "$folder"
    printf '%s\n' "CREATE USER convene@'%' IDENTIFIED BY 'convene';" "GRANT ALL ON *.* TO convene@'%';" \
        "CREATE DATABASE convene CHARACTER SET utf8mb4;" >"$DATABASE_FOLDER/init.sql"
    (as_user mysql mariadb-install-db --no-defaults --datadir="$folder/data" --skip-test-db \
        --auth-root-authentication-method=normal) >"$folder.init.log" 2>&1 || { cat "$folder.init.log" >&2; return 1; }
    (as_user mysql "$(PATH="$PATH:/usr/sbin" command -v mariadbd)" --no-defaults --datadir="$folder/data" \
        --socket="$folder/socket" --pid-file="$folder/pid" --port="$port" --bind-address=127.0.0.1 --skip-name-resolve \
        --skip-log-bin --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-flush-method=nosync --sync-frm=0 --max-connections=300 \
        --init-file="$DATABASE_FOLDER/init.sql") >"$folder.log" 2>&1 &
    DATABASE_PIDS+=($!)
    wait_for 30 MariaDB mariadb --no-defaults -h 127.0.0.1 -P "$port" -u convene -pconvene -e 'SELECT 1' convene \
        || { tail "$folder.log" >&2; return 1; }
    export CONVENE_TEST_MYSQL_URL="mysql://convene:convene@127.0.0.1:$port/convene"
}

# Ends both by their own process ids and removes their files.
stop_databases() {
    local pid
    for pid in "${DATABASE_PIDS[@]}"; do kill -INT "$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${DATABASE_PIDS[@]}"; do
        kill -TERM "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    DATABASE_PIDS=()
    [[ -z $DATABASE_FOLDER ]] || rm -rf "$DATABASE_FOLDER"
}
