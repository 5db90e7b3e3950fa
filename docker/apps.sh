# shellcheck shell=bash
# How the images of the three applications are built, for the scripts that start and update them. Sourced, after lib.sh.

build_apps() {
  local jdk runtime build_image jar=host app pids=''
  runtime=$(chosen RUNTIME_IMAGE)
  build_image=$(chosen BUILD_IMAGE)
  if jdk=$(find_jdk); then
    build_jars "$jdk"
    # The build stage then only unpacks: the runtime is enough for it.
    build_image=$runtime
  elif jars_are_current; then
    build_image=$runtime
  else
    note "no JDK 25 on this host: the applications are compiled in a container"
    if uses_local_images; then "$ROOT/docker/local-images/build.sh" builder; fi
    jar=compile
  fi
  for app in $APPS; do
    build_image "$app" "$runtime" "$build_image" "$jar" &
    pids="$pids $!"
  done
  for app in $pids; do wait "$app" || exit 1; done
}

# What the jars are made of; further conditions of find can be given.
sources() { (cd "$ROOT" && find pom.xml .mvn ./*/pom.xml ./*/src/main -type f "$@"); }

jars_are_current() {
  local app jar
  for app in $APPS; do
    jar=$ROOT/$app/target/$app.jar
    [ -f "$jar" ] || return 1
    [ -z "$(sources -newer "$jar")" ] || return 1
  done
}

build_jars() {
  local app
  jars_are_current && return
  note "compiling the applications with the JDK in $1"
  (cd "$ROOT" && JAVA_HOME=$1 ./mvnw -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true package -pl "$(printf '%s' "$APPS" | tr ' ' ',')" -am) ||
    fail "the applications do not compile" "see Maven's messages above"
  # Maven leaves a jar alone whose content would be the same.
  for app in $APPS; do touch "$ROOT/$app/target/$app.jar"; done
}

# What the image of an application is made of, as one number.
image_inputs() {
  {
    cd "$ROOT" || exit
    cat docker/Dockerfile docker/http-ok docker/jvm.options docker/names.properties
    docker image inspect -f '{{.Id}}' "$2" 2>/dev/null || echo "$2"
    if [ "$3" = host ]; then cat "$1/target/$1.jar"; else sources | sort | xargs cat; fi
  } | cksum | awk '{ print $1 }'
}

# build_image APP RUNTIME_IMAGE BUILD_IMAGE host|compile
build_image() {
  local app=$1 inputs
  inputs=$(image_inputs "$app" "$2" "$4")
  [ "$(docker image inspect -f '{{ index .Config.Labels "io.catga.inputs" }}' "catga/$app" 2>/dev/null || true)" != "$inputs" ] || return 0
  note "building the image of $app, with its AOT cache"
  docker build -f "$ROOT/docker/Dockerfile" -t "catga/$app" --label "io.catga.inputs=$inputs" \
    --build-arg "APP=$app" --build-arg "RUNTIME_IMAGE=$2" --build-arg "BUILD_IMAGE=$3" --build-arg "JAR=$4" "$ROOT" >"$STATE/build-$app.log" 2>&1 ||
    fail "cannot build the image of $app" "see $STATE/build-$app.log"
}
