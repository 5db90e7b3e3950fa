package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** The compose file of two data centres is held to what the others say, and to what makes two data centres of it. */
class MultiDcTest {

    private static final Pattern LOOPBACK = Pattern.compile("\\$\\{BIND_ADDRESS:-127\\.0\\.0\\.1}:(\\d+):\\d+");

    private static final List<String> SETTINGS = List.of(
            "image",
            "pull_policy",
            "restart",
            "stop_grace_period",
            "logging",
            "deploy",
            "dns_opt",
            "dns_search",
            "user",
            "read_only",
            "tmpfs",
            "cap_drop");

    private static final Map<String, Map<String, Object>> OTHERS =
            Map.copyOf(services("docker-compose.infra.yml", "docker-compose.apps.yml"));
    private static final Map<String, Map<String, Object>> OURS = Map.copyOf(services("docker-compose.multi-dc.yml"));

    private static Map<String, Map<String, Object>> services(String... files) {
        Map<String, Map<String, Object>> all = new TreeMap<>();
        for (String file : files) {
            all.putAll(map(map(read(file)).get("services")));
        }
        return all;
    }

    private static Object read(String file) {
        LoaderOptions options = new LoaderOptions();
        // what twenty containers have in common is named by each of them
        options.setMaxAliasesForCollections(500);
        try {
            return new Yaml(options).load(Files.readString(Shell.root(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // as a compose file has it
    private static <T> Map<String, T> map(@Nullable Object of) {
        return of == null ? Map.of() : (Map<String, T>) of;
    }

    static Set<String> names() {
        return new TreeSet<>(OURS.keySet());
    }

    private static Map<String, Object> service(String name) {
        return OURS.getOrDefault(name, Map.of());
    }

    /** Who does the same in the cluster. */
    private static Map<String, Object> counterpart(String name) {
        String there = name.equals("arbiter")
                ? "nats-1"
                : name.replaceFirst("^dc\\d-", "")
                        .replaceFirst("order-api", "order-api-1")
                        .replaceFirst("order-service-\\d|standby-for-dc\\d", "order-service");
        assertThat(OTHERS).containsKey(there);
        return OTHERS.getOrDefault(there, Map.of());
    }

    private static List<String> networks(String name) {
        Object networks = service(name).get("networks");
        return networks instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.copyOf(map(networks).keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void isMadeLikeTheOneOfTheCluster(String name) {
        for (String setting : SETTINGS) {
            Object ours = service(name).get(setting);
            Object theirs = counterpart(name).get(setting);
            // there it has replicas, too
            assertThat(setting.equals("deploy") ? map(ours).get("resources") : ours)
                    .as(setting)
                    .isEqualTo(setting.equals("deploy") ? map(theirs).get("resources") : theirs);
        }
        for (String setting : List.of("test", "interval", "timeout", "retries")) {
            assertThat(map(service(name).get("healthcheck")).get(setting))
                    .as(setting)
                    .isNotNull()
                    .isEqualTo(map(counterpart(name).get("healthcheck")).get(setting));
        }
        assertThat(service(name).get("container_name")).isEqualTo(name);
        // of the cluster's, only the applications and nginx can have it: see docker-compose.infra.yml
        assertThat(service(name).get("security_opt")).isEqualTo(List.of("no-new-privileges:true"));
    }

    @Test
    void publishesOnThisMachineOnlyWhatTheClusterDoesNot() {
        List<String> ours = published(OURS);

        assertThat(ours).doesNotHaveDuplicates().hasSize(4).doesNotContainAnyElementsOf(published(OTHERS));
    }

    private static List<String> published(Map<String, Map<String, Object>> services) {
        List<String> ports = new ArrayList<>();
        services.values().forEach(service -> {
            if (service.get("ports") instanceof List<?> list) {
                list.forEach(port -> assertThat(String.valueOf(port)).matches(LOOPBACK));
                list.stream()
                        .flatMap(port -> LOOPBACK.matcher(String.valueOf(port)).results())
                        .map(match -> match.group(1))
                        .forEach(ports::add);
            }
        });
        return ports;
    }

    @Test
    void onlyGatewaysAndStandInsReachTheOtherDataCentre() throws IOException {
        List<String> crossings = names().stream()
                .flatMap(name -> networks(name).stream()
                        .filter(network -> !name.startsWith(network))
                        .map(network -> network + ":" + name))
                .toList();

        assertThat(crossings)
                .containsExactlyInAnyOrderElementsOf(Stream.of(
                                Stream.of("wan:arbiter", "dc1:dc2-standby-for-dc1", "dc2:dc1-standby-for-dc2"),
                                Stream.of(1, 2, 3)
                                        .flatMap(node -> Stream.of("wan:dc1-nats-" + node, "wan:dc2-nats-" + node)))
                        .flatMap(each -> each)
                        .toList());
        // a cut leaves dc2 and the arbiter together, and nothing else
        assertThat(Pattern.compile("multi-dc-(\\w+:[\\w-]+)")
                        .matcher(Files.readString(Shell.root("multi-dc.sh")))
                        .results()
                        .map(MatchResult::group)
                        .map(crossing -> crossing.replaceFirst("multi-dc-", "")))
                .containsExactlyInAnyOrderElementsOf(crossings.stream()
                        .filter(crossing -> !crossing.startsWith("wan:dc2") && !crossing.endsWith("arbiter"))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "begin", "down --everything", "cut now"})
    void theScriptTakesNoOtherWords(String words) {
        Shell.Outcome outcome = Shell.run(Duration.ofMinutes(1), Map.of(), "bash", "-c", "./multi-dc.sh " + words);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output()).contains("usage: ./multi-dc.sh");
    }

    static List<String> applications() {
        return names().stream()
                .filter(name -> String.valueOf(service(name).get("image")).startsWith("catga/"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("applications")
    void worksOnTheDataOfOneDataCentre(String name) {
        String stands = name.substring(0, 3);
        String home = name.contains("-for-") ? name.replaceFirst(".*-for-", "") : stands;
        Map<String, String> environment = map(service(name).get("environment"));

        assertThat(environment)
                .containsEntry("CATGA_NATS_SITE", home)
                .containsEntry("CATGA_NATS_OTHERSITES", home.equals("dc1") ? "dc2" : "dc1")
                .containsEntry("CATGA_NATS_SERVERS", three("nats://" + stands + "-nats-%d:4222"))
                .containsEntry("CATGA_REDIS_SENTINELS", three(home + "-sentinel-%d:26379"));
        assertThat(environment.containsKey("CATGA_OUTBOX_RELAY")).isEqualTo(!home.equals(stands));
    }

    private static String three(String address) {
        return Stream.of(1, 2, 3).map(address::formatted).collect(Collectors.joining(","));
    }
}
