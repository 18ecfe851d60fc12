# Installs what the tests need and this machine lacks: Debian packages (as root) and the browser tests' npm packages. Sourced.

# need COMMAND PACKAGE: notes the package if the command is missing. Server programs may live in sbin.
MISSING=()
need() {
    PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null || MISSING+=("$2")
}

postgres_folder() { find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1; }

# The Python that has aiosmtpd, the mail server of the tests: the one on the path, or else the system's own.
mail_python() {
    local python
    for python in python3 /usr/bin/python3; do
        if "$python" -c 'import aiosmtpd' 2>/dev/null; then
            export CONVENE_TEST_PYTHON=$python
            return 0
        fi
    done
    return 1
}

# contract_tool FOLDER: schemathesis as tests/contract asks for it, in a folder of its own beside the build results.
contract_tool() {
    local folder=$1 wanted=$ROOT/tests/contract/requirements.txt
    if ! cmp -s "$wanted" "$folder/installed.txt"; then
        say "installing schemathesis"
        rm -rf "$folder"
        python3 -m venv "$folder"
        "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"
        cp "$wanted" "$folder/installed.txt"
    fi
    export CONVENE_TEST_SCHEMATHESIS=$folder/bin/schemathesis
}

install_packages() {
    MISSING=()
    for what in "$@"; do
        case $what in
            databases)
                [[ -n $(postgres_folder) ]] || MISSING+=(postgresql)
                need mariadbd mariadb-server
                ;;
            mail)
                mail_python || MISSING+=(python3-aiosmtpd)
                need openssl openssl
                ;;
            contract)
                python3 -c 'import ensurepip' 2>/dev/null || MISSING+=(python3-venv)
                ;;
            node)
                need node nodejs
                need npm npm
                ;;
            browser)
                need chromium chromium
                need turnserver coturn
                need ss iproute2
                need caddy caddy
                need nginx nginx-light
                need openssl openssl
                ;;
        esac
    done
    ((${#MISSING[@]})) || return 0
    [[ $(id -u) == 0 ]] || die "missing: ${MISSING[*]} (not root, so install them yourself)"
    command -v apt-get >/dev/null || die "missing: ${MISSING[*]} (no apt-get here, so install them yourself)"
    say "installing ${MISSING[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${MISSING[@]}" >/dev/null
}

# npm_packages FOLDER: as locked, unless they are there already; Node too.
npm_packages() {
    local folder=$1 stamp=$1/node_modules/.package-lock.json
    install_packages node
    [[ -f $stamp && ! $folder/package-lock.json -nt $stamp ]] && return 0
    say "installing npm packages of ${folder#"$ROOT"/}"
    (cd "$folder" && npm ci --no-audit --no-fund)
}
