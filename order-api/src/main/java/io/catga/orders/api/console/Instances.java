package io.catga.orders.api.console;

import static io.catga.orders.api.console.InstanceState.HEALTHY;
import static io.catga.orders.api.console.InstanceState.UNHEALTHY;
import static io.catga.orders.api.console.InstanceState.UNREACHABLE;

import io.catga.spring.CatgaInstance;
import io.catga.spring.HealthCheck;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which instances there are, and how each of them is: asked of themselves, at the addresses that DNS has for their service.
 * One that hangs is in every answer, as unreachable; so is one that DNS no longer has, for some minutes: it was stopped and
 * may come back.
 *
 * <p>However many ask, the instances are asked once a second at most: whoever comes while that is going on waits for it,
 * and gets the same answer.
 */
@Component
final class Instances {

    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration CONNECT = Duration.ofMillis(500);
    /** For the look-up of the names, for the answers, and for the names of those that give none. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    /** More than anybody would look at. */
    private static final int PER_SERVICE = 50;

    private static final int PORT = 8080;

    /** What one process is, where it is everything. */
    private static final List<String> ROLES = List.of("order-api", "order-service", "notification-service");

    /** When an instance last said something. */
    private record Seen(String service, String name, Instant at) {}

    private final List<String> services;
    private final int port;
    private final CatgaInstance self;
    private final List<HealthCheck> checks;
    private final JsonMapper json;
    private final Clock clock;
    private final Executor threads = Thread::startVirtualThread;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    private final ReentrantLock asking = new ReentrantLock();
    /** By address: an instance that hangs cannot say its name. */
    private final Map<InetAddress, Seen> seen = new HashMap<>();

    private List<InstanceState> answer = List.of();
    private Instant until = Instant.MIN;

    /**
     * Of these services.
     *
     * @param services a DNS name for each, which has the addresses of all its instances; none where everything is in this
     *     process
     * @param port     where each instance answers {@code GET /health}
     */
    Instances(
            @Value("${orders.instances.services:}") List<String> services,
            @Value("${orders.instances.port:" + PORT + "}") int port,
            CatgaInstance self,
            List<HealthCheck> checks,
            JsonMapper json,
            Clock clock) {
        this.services = services;
        this.port = port;
        this.self = self;
        this.checks = checks;
        this.json = json;
        this.clock = clock;
    }

    /** All instances, by service and name, as they were within the last second. Takes three seconds at most. */
    List<InstanceState> all() {
        asking.lock();
        try {
            if (clock.instant().isAfter(until)) {
                answer = services.isEmpty() ? thisProcess() : askAll();
                until = clock.instant().plus(FRESH);
            }
            return answer;
        } finally {
            asking.unlock();
        }
    }

    private List<InstanceState> thisProcess() {
        Map<String, String> words = new TreeMap<>();
        for (HealthCheck check : checks) {
            words.put(check.label(), Status.UP.equals(check.health().getStatus()) ? HEALTHY : UNHEALTHY);
        }
        String status = words.containsValue(UNHEALTHY) ? UNHEALTHY : HEALTHY;
        return ROLES.stream()
                .map(role -> new InstanceState(role, self.name(), status, words))
                .toList();
    }

    private List<InstanceState> askAll() {
        Map<InetAddress, CompletableFuture<@Nullable InstanceState>> questions = new HashMap<>();
        Map<String, CompletableFuture<List<InetAddress>>> lookups = new HashMap<>();
        for (String service : services) {
            lookups.put(service, addresses(service));
        }
        lookups.forEach((service, found) -> {
            for (InetAddress address : found.join()) {
                questions.put(address, ask(service, address, seen.get(address)));
            }
        });
        Map<String, InstanceState> all = new TreeMap<>();
        questions.forEach((address, question) -> {
            InstanceState state = question.join();
            if (state != null) {
                // two addresses of one name: it came back under another, and DNS is behind
                all.merge(state.name(), state, (a, b) -> a.isReachable() ? a : b);
                if (state.isReachable()) {
                    seen.put(address, new Seen(state.service(), state.name(), clock.instant()));
                }
            }
        });
        Instant oldest = clock.instant().minus(REMEMBERED);
        seen.values().removeIf(one -> one.at().isBefore(oldest));
        seen.values()
                .forEach(one -> all.putIfAbsent(
                        one.name(), new InstanceState(one.service(), one.name(), UNREACHABLE, Map.of())));
        List<InstanceState> sorted = new ArrayList<>(all.values());
        sorted.sort(Comparator.comparingInt(state -> services.indexOf(state.service())));
        return sorted;
    }

    /** A service without instances is unknown to Docker's DNS, which then asks others, who may not answer. */
    private CompletableFuture<List<InetAddress>> addresses(String service) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return Stream.of(InetAddress.getAllByName(service))
                                        .filter(Inet4Address.class::isInstance)
                                        .limit(PER_SERVICE)
                                        .toList();
                            } catch (UnknownHostException e) {
                                return List.<InetAddress>of();
                            }
                        },
                        threads)
                .completeOnTimeout(List.of(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<@Nullable InstanceState> ask(String service, InetAddress address, @Nullable Seen before) {
        URI health = URI.create("http://" + address.getHostAddress() + ':' + port + "/health");
        return http.sendAsync(HttpRequest.newBuilder(health).build(), BodyHandlers.ofString())
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .<@Nullable InstanceState>thenApply(response -> said(service, response))
                .exceptionallyAsync(
                        e -> {
                            String name = before != null ? before.name() : containerName(address);
                            return name == null ? null : new InstanceState(service, name, UNREACHABLE, Map.of());
                        },
                        threads)
                .completeOnTimeout(null, 2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** As Docker's DNS has it; {@code null} for the address of a container that has gone. */
    private static @Nullable String containerName(InetAddress address) {
        String name = address.getCanonicalHostName();
        return name.equals(address.getHostAddress()) ? null : name.replaceFirst("\\..*", "");
    }

    private @Nullable InstanceState said(String service, HttpResponse<String> response) {
        String name = response.headers().firstValue("X-Served-By").orElse("");
        if (name.isEmpty()) {
            return null;
        }
        Map<String, String> words = new TreeMap<>();
        try {
            json.readTree(response.body())
                    .path("checks")
                    .properties()
                    .forEach(check -> words.put(check.getKey(), check.getValue().asString("")));
        } catch (JacksonException e) {
            // an answer without lines; its status code says enough
        }
        return new InstanceState(service, name, response.statusCode() == 200 ? HEALTHY : UNHEALTHY, words);
    }
}
