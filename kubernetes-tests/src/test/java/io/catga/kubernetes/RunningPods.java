package io.catga.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.lifecycle.Startables;

/**
 * The pods of StatefulSets as containers: with the user, the command, the variables, the files and the passwords that the
 * manifests give them, under their names, and asked by their own probes. Data is in {@code /var/tmp}, where anybody may write
 * in any image, instead of a volume; files are owned by root, and read by all.
 */
final class RunningPods implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(90);

    private final Manifests all = Kustomization.render(Project.path("kubernetes"));
    private final MadeSecrets secrets = MadeSecrets.make();
    private final Network network = Network.newNetwork();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, GenericContainer<?>> containers = new TreeMap<>();
    private final Map<String, Resource> sets = new TreeMap<>();

    private RunningPods(String... names) {
        for (String name : names) {
            Resource set = all.find("StatefulSet", name).orElseThrow();
            for (String pod : Manifests.podNames(set)) {
                sets.put(pod, set);
                containers.put(pod, container(set, pod));
            }
        }
    }

    /** All pods of these StatefulSets, which are ready. */
    static RunningPods of(String... names) {
        RunningPods pods = new RunningPods(names);
        try {
            Startables.deepStart(pods.containers.values()).join();
            pods.awaitReady();
            return pods;
        } catch (RuntimeException | AssertionError e) {
            pods.close();
            throw e;
        }
    }

    private GenericContainer<?> container(Resource set, String pod) {
        String service = set.at("spec", "serviceName").text();
        GenericContainer<?> container = new GenericContainer<>(image(set))
                .withNetwork(network)
                .withNetworkAliases(pod, pod + "." + service)
                .withExposedPorts(set.container().at("ports").list().stream()
                        .map(port -> port.at("containerPort").number(-1))
                        .toArray(Integer[]::new))
                .waitingFor(new ReadyLater());
        String user = set.pod().at("securityContext", "runAsUser").text() + ":"
                + set.pod().at("securityContext", "runAsGroup").text();
        String[] command = set.container().at("command").texts().stream()
                .map(word -> word.replace("$(POD_NAME)", pod))
                .toArray(String[]::new);
        container.withCreateContainerCmdModifier(
                create -> create.withUser(user).withEntrypoint(command).withHostName(pod));
        set.container()
                .at("env")
                .list()
                .forEach(variable -> container.withEnv(
                        variable.at("name").text(),
                        variable.at("value").exists() ? variable.at("value").text() : pod));
        set.pod().at("volumes").list().forEach(volume -> copy(volume, mountPath(set, volume), container));
        return container;
    }

    private static String image(Resource set) {
        String image = set.container().at("image").text();
        String variable = image.substring(0, image.indexOf(':')).toUpperCase(Locale.ROOT) + "_IMAGE";
        return Optional.ofNullable(System.getenv(variable)).orElse(image);
    }

    private static String mountPath(Resource set, Tree volume) {
        return set.container().at("volumeMounts").list().stream()
                .filter(mount -> mount.at("name").equals(volume.at("name")))
                .map(mount -> mount.at("mountPath").text())
                .findFirst()
                .orElseThrow();
    }

    private void copy(Tree volume, String folder, GenericContainer<?> container) {
        all.find("ConfigMap", volume.at("configMap", "name").text()).stream()
                .flatMap(map -> map.at("data").map().entrySet().stream())
                .forEach(file -> container.withCopyToContainer(
                        Transferable.of(file.getValue().text().replace("/data", "/var/tmp"), 0555),
                        folder + "/" + file.getKey()));
        for (Tree source : volume.at("projected", "sources").list()) {
            String password = secrets.password(source.at("secret", "name").text());
            source.at("secret", "items")
                    .list()
                    .forEach(item -> container.withCopyToContainer(
                            Transferable.of(password, 0444),
                            folder + "/" + item.at("path").text()));
        }
    }

    Set<String> names() {
        return containers.keySet();
    }

    String password(String secret) {
        return secrets.password(secret);
    }

    MadeSecrets secrets() {
        return secrets;
    }

    void awaitReady() {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(names())
                        .allSatisfy(pod -> assertThat(passes(pod, "readinessProbe"))
                                .as(logs(pod))
                                .isTrue()));
    }

    /** Whether a probe of the manifest succeeds now. */
    boolean passes(String pod, String name) {
        Tree probe = set(pod).container().at(name);
        Tree get = probe.at("httpGet");
        return get.exists()
                ? isOk(
                        pod,
                        set(pod).containerPort(get.at("port").text()),
                        get.at("path").text())
                : run(pod, probe.at("exec", "command").texts()).getExitCode() == 0;
    }

    private boolean isOk(String pod, int port, String path) {
        try {
            URI uri = URI.create("http://" + host(pod) + ":" + port(pod, port) + path);
            return http.send(
                                    HttpRequest.newBuilder(uri)
                                            .timeout(Duration.ofSeconds(3))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What Kubernetes calls before it stops a pod. */
    void prepareStop(String pod) {
        run(
                pod,
                set(pod).container()
                        .at("lifecycle", "preStop", "exec", "command")
                        .texts());
    }

    /** All at once, without a word, and all again, with what was in their files. */
    void killAndStart() {
        containers
                .values()
                .forEach(one -> one.getDockerClient()
                        .killContainerCmd(one.getContainerId())
                        .exec());
        containers
                .values()
                .forEach(one -> one.getDockerClient()
                        .startContainerCmd(one.getContainerId())
                        .exec());
        awaitReady();
    }

    ExecResult run(String pod, List<String> command) {
        try {
            return one(pod).execInContainer(StandardCharsets.UTF_8, command.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String logs(String pod) {
        return pod + ":\n" + one(pod).getLogs();
    }

    String host(String pod) {
        return one(pod).getHost();
    }

    int port(String pod, int port) {
        return one(pod).getMappedPort(port);
    }

    private GenericContainer<?> one(String pod) {
        return Optional.ofNullable(containers.get(pod)).orElseThrow();
    }

    private Resource set(String pod) {
        return Optional.ofNullable(sets.get(pod)).orElseThrow();
    }

    @Override
    public void close() {
        Stream.concat(containers.values().stream(), Stream.of(network)).forEach(RunningPods::stop);
    }

    private static void stop(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Pods wait for each other. */
    private static final class ReadyLater extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {}
    }
}
