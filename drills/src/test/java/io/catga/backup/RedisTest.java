package io.catga.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.catga.backup.Redis.Node;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisTest {

    private static final Node MASTER = new Node("redis-1", "", false, 1000);

    @Test
    void readsWhatANodeSays() {
        assertThat(Node.read(
                        "redis-1", "# Replication\r\nrole:master\r\nconnected_slaves:2\r\nmaster_repl_offset:77\r\n"))
                .isEqualTo(new Node("redis-1", "", false, 77));
        assertThat(Node.read("redis-2", """
                        role:slave\r
                        master_host:redis-1\r
                        master_port:6379\r
                        master_link_status:up\r
                        slave_read_repl_offset:80\r
                        slave_repl_offset:76\r
                        master_repl_offset:76\r
                        """)).isEqualTo(new Node("redis-2", "redis-1", true, 76));
    }

    @Test
    void copiesAReplicaThatIsAsFarAsTheMasterWas() {
        Node behind = new Node("redis-2", "redis-1", true, 999);
        Node there = new Node("redis-3", "redis-1", true, 1000);

        assertThat(Redis.caughtUp(MASTER, List.of(MASTER, behind, there))).contains(there);
    }

    @ParameterizedTest
    @CsvSource({
        "redis-1, true, 999",
        // cut off, and far only by what it had from another life
        "redis-1, false, 2000",
        "redis-3, true, 2000",
        // has just been made master itself
        "'', true, 2000"
    })
    void copiesNoReplicaThatMayLackAnOrder(String follows, boolean linked, long offset) {
        assertThat(Redis.caughtUp(MASTER, List.of(MASTER, new Node("redis-2", follows, linked, offset))))
                .isEmpty();
    }

    @Test
    void masterIsWhomTwoSentinelsName() {
        assertThat(Redis.named(List.of("redis-1", "redis-2", "redis-2"))).isEqualTo("redis-2");
        assertThat(Redis.named(List.of("redis-1", "redis-2"))).isEmpty();
    }

    @Test
    void readsWhatIsInADump() {
        assertThat(Redis.contents("loaded 24\nkeys 22\nlasting 12\norders 4\noutbox 1\ndigest 0a1b\n"))
                .isEqualTo(new Manifest.Contents(24, 12, 4, 1, "0a1b"));
    }

    @Test
    void saysWhyADumpCannotBeLoaded() {
        assertThatThrownBy(() -> Redis.contents("loaded 24\nERR nobody knows how to read a, a hash\n"))
                .hasMessageContaining("nobody knows how to read a");
    }
}
