package io.catga.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisOptionsTest {

    @Test
    void reportsEveryMistakeAtOnce() {
        assertThatThrownBy(() -> new RedisOptions(
                        List.of(),
                        "mymaster",
                        null,
                        RedisAccess.open(),
                        "me",
                        "catga:",
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0,
                        Duration.ZERO))
                .hasMessageContaining("set catga.redis.sentinels or catga.redis.node")
                .hasMessageContaining("commandTimeout must be positive, but was PT0S")
                .hasMessageContaining("replicaTimeout")
                .hasMessageContaining("claimAfter")
                .hasMessageContaining("maxBatch must be at least 1");
    }

    @Test
    void refusesAnAddressWithoutAPortBeforeAnybodyConnects() {
        assertThatThrownBy(() -> RedisOptions.standalone("localhost", "me")).hasMessageContaining("write host:port");
        assertThatThrownBy(() -> RedisOptions.sentinel(List.of("sentinel-1"), "mymaster", "me"))
                .hasMessageContaining("write host:port");
    }

    @Test
    void showsNoPassword() {
        assertThat(RedisOptions.standalone("localhost:6379", "me")
                        .withAccess(RedisAccess.open()
                                .withLogin("me", "open-sesame")
                                .withSentinelLogin(null, "sesame-opens")))
                .asString()
                .contains("username=me")
                .doesNotContain("sesame");
    }

    @Test
    void anAddressHasAHostAndAPort() {
        assertThat(Address.parse("redis-1:6379")).isEqualTo(new Address("redis-1", 6379));
        assertThatThrownBy(() -> Address.parse("redis-1")).hasMessageContaining("write host:port");
    }
}
