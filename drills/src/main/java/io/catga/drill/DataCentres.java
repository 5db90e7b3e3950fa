package io.catga.drill;

import io.catga.drill.Containers.Container;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Both of them while they run: their containers, and how to make all whole again. */
final class DataCentres {

    /** All containers of a data centre at once, on what may be two cores. */
    private static final Duration RECOVERY = Duration.ofMinutes(5);

    private final Docker docker;
    private final Containers containers;
    private final DataCentre first = new DataCentre("dc1", "dc2", "nats://127.0.0.1:4231", http(8081));
    private final DataCentre second = new DataCentre("dc2", "dc1", "nats://127.0.0.1:4232", http(8082));

    DataCentres(Docker docker) {
        this.docker = docker;
        this.containers = new Containers(docker, "multi-dc");
    }

    private static Http http(int port) {
        return new Http("http://127.0.0.1:" + port);
    }

    Docker docker() {
        return docker;
    }

    /** The one that is stopped, or cut off from the arbiter. */
    DataCentre first() {
        return first;
    }

    /** The one with the arbiter on its side. */
    DataCentre second() {
        return second;
    }

    List<DataCentre> both() {
        return List.of(first, second);
    }

    DataCentre otherThan(DataCentre site) {
        return site.equals(first) ? second : first;
    }

    /** Every container at a data centre; the arbiter is at neither. */
    List<String> at(DataCentre site) {
        return containers.names(container -> site.has(container.name()));
    }

    /** The instances of the applications. */
    List<Container> apps() {
        List<String> names = both().stream()
                .flatMap(site ->
                        Stream.of(site.orderServices().stream(), Stream.of(site.standIn(), site.notificationService())))
                .flatMap(each -> each)
                .toList();
        return containers.all().stream()
                .filter(container -> names.contains(container.name()))
                .toList();
    }

    void cut() {
        docker.script("./multi-dc.sh", "cut");
    }

    void join() {
        docker.script("./multi-dc.sh", "join");
    }

    /** Undoes whatever a drill may have left: harmless when all is well. */
    void restore() {
        List<String> down = containers.names(container -> !"running".equals(container.state()));
        if (!down.isEmpty()) {
            docker.run("start", down);
        }
        join();
    }

    void awaitHealthy(Instant since) throws InterruptedException {
        awaitHealthy(any -> true, since);
    }

    void awaitHealthy(Predicate<Container> which, Instant since) throws InterruptedException {
        containers.awaitHealthy(which, since, RECOVERY);
    }
}
