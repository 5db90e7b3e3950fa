package io.catga.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The nodes of Redis, by the programs in their containers. */
final class Redis {

    static final List<String> NODES = List.of("redis-1", "redis-2", "redis-3");
    private static final List<String> SENTINELS =
            List.of("cluster-sentinel-1", "cluster-sentinel-2", "cluster-sentinel-3");

    private static final String KNOWN = "known ";

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int LOOKS = 25;

    private Redis() {}

    /**
     * What a node says of itself.
     *
     * @param master that it follows; empty where it is one
     * @param offset up to which it has what was written
     */
    record Node(String name, String master, boolean linked, long offset) {

        static Node read(String name, String info) {
            Map<String, String> fields = fields(info, ":");
            boolean replica = "slave".equals(fields.get("role"));
            return new Node(
                    name,
                    replica ? fields.getOrDefault("master_host", "?") : "",
                    "up".equals(fields.get("master_link_status")),
                    Long.parseLong(fields.getOrDefault(replica ? "slave_repl_offset" : "master_repl_offset", "-1")));
        }

        boolean isMaster() {
            return master.isEmpty();
        }
    }

    /**
     * The node to copy: one that has every order that was acknowledged before. The master has, and so has a replica that is
     * as far as the master was a moment ago; it is taken where there is one, as copying takes time from whoever does it.
     */
    static String source() throws IOException, InterruptedException {
        Node master = master();
        for (int look = 0; look < LOOKS; look++) {
            Optional<Node> replica = caughtUp(master, nodes());
            if (replica.isPresent()) {
                return replica.get().name();
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
        return master.name();
    }

    static Optional<Node> caughtUp(Node master, List<Node> nodes) {
        return nodes.stream()
                .filter(node ->
                        node.master().equals(master.name()) && node.linked() && node.offset() >= master.offset())
                .findFirst();
    }

    /** As it was while two Sentinels named it, before and after it was asked. */
    private static Node master() throws IOException, InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            String named = named(answers());
            if (!named.isEmpty()) {
                Optional<Node> node =
                        nodes().stream().filter(one -> one.name().equals(named)).findFirst();
                if (node.isPresent()
                        && node.get().isMaster()
                        && named(answers()).equals(named)) {
                    return node.get();
                }
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
        throw new BackupException("no master of Redis that two Sentinels name; see ./doctor.sh");
    }

    /** Whom at least two name; empty where there is nobody. */
    static String named(List<String> answers) {
        return answers.stream()
                .collect(Collectors.groupingBy(answer -> answer, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(answer -> answer.getValue() >= 2)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private static List<String> answers() throws IOException, InterruptedException {
        List<String> answers = new ArrayList<>();
        for (String sentinel : SENTINELS) {
            said(sentinel, "-p", "26379", "--raw", "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster")
                    .flatMap(answer -> answer.lines().findFirst())
                    .ifPresent(answers::add);
        }
        return answers;
    }

    /** Those that answer. */
    private static List<Node> nodes() throws IOException, InterruptedException {
        List<Node> nodes = new ArrayList<>();
        for (String name : NODES) {
            said("cluster-" + name, "INFO", "replication").ifPresent(info -> nodes.add(Node.read(name, info)));
        }
        return nodes;
    }

    private static Optional<String> said(String container, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker", "exec", container, "/catga/cli.sh", "-t", "2"));
        command.addAll(List.of(arguments));
        try {
            return Optional.of(Tool.output(command.toArray(String[]::new)));
        } catch (BackupException silent) {
            return Optional.empty();
        }
    }

    /** Copies a node as it is at one moment. */
    static void dump(String node, OutputStream out) throws IOException, InterruptedException {
        Tool.run(
                List.of("docker", "exec", "cluster-" + node, "/catga/cli.sh", "--rdb", "-"),
                InputStream.nullInputStream(),
                out);
    }

    /** @param known those of the causes that were asked for that have a record */
    record Inspection(Manifest.Contents contents, Set<String> known) {}

    /** Loads a dump in a container of its own, and gives what is in it. */
    static Inspection inspect(InputStream dump, List<String> causes) throws IOException, InterruptedException {
        String image = Tool.output("docker", "inspect", "-f", "{{.Config.Image}}", "cluster-redis-1")
                .strip();
        Path folder = Path.of("docker", "redis").toAbsolutePath();
        String said = Tool.feed(
                List.of(
                        "docker",
                        "run",
                        "--rm",
                        "-i",
                        "--network",
                        "none",
                        "-v",
                        folder + ":/catga:ro",
                        "--entrypoint",
                        "sh",
                        image,
                        "/catga/load-dump.sh",
                        "/tmp/load"),
                asking(causes, dump));
        return new Inspection(
                contents(said),
                said.lines()
                        .filter(line -> line.startsWith(KNOWN))
                        .map(line -> line.substring(KNOWN.length()))
                        .collect(Collectors.toSet()));
    }

    /** As load-dump.sh reads it: how many causes, each on a line, and the dump. */
    private static InputStream asking(List<String> causes, InputStream dump) {
        String lines = causes.size() + "\n"
                + causes.stream().map(cause -> cause + "\n").collect(Collectors.joining());
        return new SequenceInputStream(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), dump);
    }

    /** Makes the first node's data of a dump, while it does not run and has none, and gives what is in them. */
    static Manifest.Contents load(InputStream dump) throws IOException, InterruptedException {
        return contents(Tool.feed(
                List.of(
                        "docker",
                        "compose",
                        "-f",
                        "docker-compose.apps.yml",
                        "run",
                        "--rm",
                        "-T",
                        "--no-deps",
                        "--entrypoint",
                        "sh",
                        NODES.getFirst(),
                        "/catga/load-dump.sh",
                        "/data",
                        "keep"),
                asking(List.of(), dump)));
    }

    /** With the keys that were in the dump, not those that are left. */
    static Manifest.Contents contents(String said) {
        Map<String, String> fields = fields(said, " ");
        try {
            return new Manifest.Contents(
                    number(fields, "loaded"),
                    number(fields, "lasting"),
                    number(fields, "orders"),
                    number(fields, "outbox"),
                    Optional.ofNullable(fields.get("digest"))
                            .orElseThrow(() -> new NumberFormatException("no digest")));
        } catch (NumberFormatException e) {
            throw new BackupException("the dump of Redis cannot be loaded: " + said.strip(), e);
        }
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(fields.getOrDefault(name, "none"));
    }

    /** Orders and events in the outbox, as each node has them. */
    static Map<String, List<Long>> orders() throws IOException, InterruptedException {
        Map<String, List<Long>> orders = new TreeMap<>();
        for (String node : NODES) {
            List<Long> numbers = new ArrayList<>();
            for (List<String> question :
                    List.of(List.of("ZCARD", "catga:index:orders"), List.of("XLEN", "catga:outbox"))) {
                String said = said("cluster-" + node, question.toArray(String[]::new))
                        .orElse("")
                        .strip();
                numbers.add(said.matches("\\d+") ? Long.parseLong(said) : -1L);
            }
            orders.put(node, numbers);
        }
        return orders;
    }

    private static Map<String, String> fields(String text, String separator) {
        return text.lines()
                .map(line -> line.strip().split(separator, 2))
                .filter(part -> part.length == 2)
                .collect(Collectors.toMap(part -> part[0], part -> part[1], (first, second) -> second));
    }
}
