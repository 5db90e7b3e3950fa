package io.catga.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs a script of the Redis pods, as the ConfigMap has it, in a folder in place of the volume. Instead of Redis, Sentinels
 * and the clock there are programs that answer what the test has written down. Nothing sleeps; a script that has slept often
 * enough is ended, so that one that waits for ever is seen to.
 */
final class ScriptRun {

    /**
     * Says what is in the file that is called like the question, and fails where there is none. Whoever is not the operator
     * asks as nobody.
     */
    private static final String REDIS_CLI = """
            #!/bin/sh
            host=here user=
            while [ $# -gt 0 ]; do
              case $1 in
                -h) host=$2; shift 2 ;;
                --user) user=$2; shift 2 ;;
                -p | -t) shift 2 ;;
                --raw) shift ;;
                *) break ;;
              esac
            done
            [ "$user ${REDISCLI_AUTH:-}" = "operator $(cat "$SECRETS/redis-operator")" ] || host="nobody at $host"
            echo "$host $*" >>"$FAKES/asked"
            if [ "$2" = FAILOVER ] && [ -f "$FAKES/$host $*" ] && [ -f "$FAKES/when-promoted" ]; then . "$FAKES/when-promoted"; fi
            cat "$FAKES/$host $*" 2>/dev/null
            """;

    private static final String SLEEP = """
            #!/bin/sh
            echo "$PPID" >>"$FAKES/slept"
            [ "$(grep -cx "$PPID" "$FAKES/slept")" -lt "$PATIENCE" ] || kill "$PPID"
            """;

    private static final Map<String, String> PROGRAMS = Map.of(
            "redis-cli",
            REDIS_CLI,
            "sleep",
            SLEEP,
            "redis-server",
            "#!/bin/sh\necho \"redis-server $*\"\n",
            "getent",
            "#!/bin/sh\nexit 0\n");

    static final List<String> USERS = List.of(
            "order-api", "order-service", "notification-service", "operator", "exporter", "replica", "sentinel");

    /** What is at the root of a pod, and here in the test's folder. */
    private static final Pattern FOLDERS = Pattern.compile("/(?:data\\b|catga/|tmp/|run/secrets/)");

    private final Path folder;
    private int patience = 5;

    ScriptRun(Path folder) {
        this.folder = folder;
        create("fakes/asked", "");
        create("fakes/slept", "");
        create("data/lost+found/x", "");
        create("tmp/x", "");
        USERS.forEach(user -> create("run/secrets/redis-" + user, password(user) + "\n"));
        PROGRAMS.forEach((name, program) -> executable("bin/" + name, program));
        Kustomization.render(Project.path("kubernetes"))
                .find("ConfigMap", "redis-config")
                .orElseThrow()
                .at("data")
                .map()
                .forEach((name, script) -> executable(
                        "catga/" + name, FOLDERS.matcher(script.text()).replaceAll(found -> folder + found.group())));
    }

    static String password(String user) {
        return "password-of-" + user;
    }

    /** How often a script may sleep before it is ended; 5 times by default. */
    ScriptRun patience(int sleeps) {
        patience = sleeps;
        return this;
    }

    /** What a node says when it is asked something; a later answer replaces an earlier one. */
    ScriptRun answers(String node, String question, String answer) {
        create("fakes/" + node + " " + question, answer + "\n");
        return this;
    }

    /** Whom these Sentinels name as master. */
    ScriptRun naming(String master, String... sentinels) {
        for (String sentinel : sentinels) {
            answers(sentinel, "SENTINEL GET-MASTER-ADDR-BY-NAME mymaster", master + "\n6379");
            answers(sentinel, "SENTINEL REPLICAS mymaster", "");
        }
        return this;
    }

    /** These Sentinels have seen replicas. */
    ScriptRun remembering(String... sentinels) {
        for (String sentinel : sentinels) {
            answers(sentinel, "SENTINEL REPLICAS mymaster", "name\nredis-1:6379");
        }
        return this;
    }

    /** That Sentinel promotes another Redis when it is asked to, and all name it from then on. */
    ScriptRun promoting(String master, String sentinel) {
        answers(sentinel, "SENTINEL FAILOVER mymaster", "OK");
        create(
                "fakes/when-promoted",
                "for n in 0 1 2; do printf '%s\\n6379\\n' " + master
                        + " >\"$FAKES/sentinel-$n SENTINEL GET-MASTER-ADDR-BY-NAME mymaster\"; done\n");
        return this;
    }

    ScriptRun withFile(String name, String content) {
        create("data/" + name, content);
        return this;
    }

    /** As a Redis leaves it that was written to. */
    ScriptRun withData() {
        return withFile("appendonlydir/appendonly.aof.1.incr.aof", "*2 SELECT 0");
    }

    /** As a Redis leaves it that was not. */
    ScriptRun withoutData() {
        return withFile("appendonlydir/appendonly.aof.1.incr.aof", "")
                .withFile("appendonlydir/appendonly.aof.1.base.rdb", "REDIS".repeat(18));
    }

    /** How it ended, and what it printed. */
    record Outcome(int exitCode, String output) {

        boolean waited() {
            return exitCode == 143;
        }
    }

    /** Until the script has ended, and what it has left in the background as well. */
    Outcome run(String script, String... arguments) {
        try {
            // cat ends only when nobody is left who could write
            String waiting = "{ sh \"$@\" 2>&1; echo $? >\"$FAKES/exit-code\"; } | cat";
            ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                                    Stream.of("sh", "-c", waiting, "sh", folder + "/catga/" + script),
                                    Stream.of(arguments))
                            .toList())
                    .redirectErrorStream(true);
            builder.environment().put("PATH", folder + "/bin:" + System.getenv("PATH"));
            builder.environment().put("FAKES", folder + "/fakes");
            builder.environment().put("SECRETS", folder + "/run/secrets");
            builder.environment().put("PATIENCE", String.valueOf(patience));
            builder.environment().put("POD_NAME", "redis-0");
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return new Outcome(Integer.parseInt(read("fakes/exit-code").strip()), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    List<String> asked() {
        return read("fakes/asked").lines().toList();
    }

    boolean has(String file) {
        return Files.exists(folder.resolve("data").resolve(file));
    }

    String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void executable(String file, String text) {
        create(file, text);
        if (!folder.resolve(file).toFile().setExecutable(true)) {
            throw new IllegalStateException(file + " cannot be made executable");
        }
    }

    private void create(String file, String text) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
