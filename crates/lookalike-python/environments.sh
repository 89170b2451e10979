# Virtual environments for the Python package under target/python, and its wheel. Read by ./test, ./site and ./release, at the root.

# A Python that is new enough and can make virtual environments.
python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
            echo "$candidate"
            return
        fi
    done
    if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
        { apt-get update && apt-get install -y --no-install-recommends python3 python3-venv; } > /dev/null 2>&1
        if python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
            echo python3
            return
        fi
    fi
    echo "Python 3.11 or newer with venv is missing: install it, or set PYTHON to where it is" >&2
    return 1
}

# A virtual environment under target/python with a list of requirements, made anew when the lists change.
environment() {
    local folder=target/python/$1 lists=crates/lookalike-python/requirements program
    if ! cat "$lists"/*.txt | cmp -s - "$folder/made-from"; then
        program=$(python) || return 1
        echo "installing $lists/$1.txt into $folder"
        rm -rf "$folder"
        "$program" -m venv "$folder" &&
            "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$lists/$1.txt" &&
            cat "$lists"/*.txt > "$folder/made-from" || return 1
    fi
}

# The wheel, alone in target/wheels, of what the tests have built: `./release` builds the one that is published.
wheel() {
    environment build || return 1
    rm -rf target/wheels
    target/python/build/bin/maturin build --quiet --profile dev --features as-tested --locked \
        -m crates/lookalike-python/Cargo.toml -o target/wheels
}
