package io.catga.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which replicas a write waits for, by what a Sentinel says of them. */
class SentinelsTest {

    private static final List<String> MASTER = List.of("127.0.0.1", "6379");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "slave                             | ok  | 1 | 1",
                // still loading, or asking for everything: it has not got what the master has
                "slave                             | err | 1 | 0",
                // Sentinel cuts all connections of a replica while it promotes it, its own as well
                "slave,disconnected                | ok  | 1 | 1",
                "slave,promoted,disconnected       | ok  | 1 | 1",
                "s_down,slave,promoted,disconnected | err | 0 | 1",
                "s_down,slave,disconnected         | ok  | 0 | 0",
                "s_down,slave                      | err | 0 | 0",
            })
    void countsTheReplicasThatCouldBePromoted(String flags, String link, int reachable, int following) {
        Topology told = Sentinels.opinion(MASTER, List.of(Map.of("flags", flags, "master-link-status", link)));

        assertThat(told).isEqualTo(new Topology(new Address("127.0.0.1", 6379), reachable, following));
    }
}
