package io.catga.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import io.catga.store.Outbox;
import io.catga.transport.WireMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Users with passwords and permissions, against a Redis that lets in nobody else. */
class RedisAccessTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private static final RedisTestServer SERVER = RedisTestServer.withUsers("""
            user default off
            user watching on >watching-sesame ~* &* +@all
            %s
            user inbox on >inbox-sesame -@all +hello +client|setinfo +ping +role +script|load +evalsha +incr +wait +get +set ~catga:done:* ~catga:state:* ~catga:fence
            user idle on >idle-sesame -@all +hello +client|setinfo +ping +role +script|load
            user uncounted on >uncounted-sesame ~* +@all -incr
            user roleless on >roleless-sesame ~* +@all -role
            """.formatted(TestUsers.SERVICE));

    private final Logged log = Logged.begin();

    @BeforeAll
    static void startServer() {
        SERVER.start();
    }

    @AfterAll
    static void stopServer() {
        SERVER.stop();
    }

    @AfterEach
    void close() {
        log.close();
    }

    private static RedisOptions as(String user, String password) {
        return RedisOptions.standalone(SERVER.address(), "test")
                .withAccess(RedisAccess.open().withLogin(user, password));
    }

    private static Instant soon() {
        return Instant.now().plus(SOON);
    }

    private static AtomicStep step(String key) {
        return AtomicStep.forKey("test", key, "as asked", new byte[0], Duration.ofMinutes(1));
    }

    /** The permissions of an application that does everything, as the documentation lists them. */
    @Test
    void everythingWorksWithThePermissionsThatAreDocumented() {
        try (RedisSystem system = RedisSystem.start(as("service", "service-sesame"))) {
            Duration week = Duration.ofDays(7);
            AtomicStep all = step("1")
                    .expecting("new", null)
                    .put("new", new byte[] {1})
                    .put("for-a-week", new byte[] {2}, week)
                    .addToIndex("index", "member")
                    .addToIndex("index-for-a-week", "member", week, 10)
                    .publish(new WireMessage("test.happened", "1", Map.of(), new byte[0]));

            assertThat(system.store().commit(all, soon())).isEqualTo(new CommitOutcome.Committed());
            assertThat(system.store().get("new", soon())).isPresent();
            assertThat(system.store().getAll(List.of("new", "for-a-week"), soon()))
                    .hasSize(2);
            assertThat(system.store().greatest("index", null, 1, soon())).containsExactly("member");
            RedisOutbox outbox = system.outbox();
            assertThat(outbox.backlog().size()).isEqualTo(1);
            List<Outbox.Entry> taken = outbox.take(10, Duration.ofMillis(50));
            outbox.remove(taken);
            assertThat(taken).hasSize(1);
            assertThat(outbox.take(10, Duration.ofMillis(50))).isEmpty();
        }
        assertThat(log.linesWith("service")).isEmpty();
    }

    @Test
    void aStepWithoutEventsNeedsNoOutbox() {
        try (RedisSystem system = RedisSystem.start(as("inbox", "inbox-sesame"))) {
            assertThat(system.store().commit(step("inbox").put("seen", new byte[0]), soon()))
                    .isEqualTo(new CommitOutcome.Committed());
        }
    }

    @Test
    void connectingNeedsNoKey() {
        RedisSystem.start(as("idle", "idle-sesame")).close();
    }

    @Test
    void aWrongPasswordIsToldOnceAndTriedRarely() {
        try (RedisLink link = new RedisLink(as("service", "wrong-sesame"))) {
            link.start();
            await().atMost(SOON).until(() -> !log.linesWith("WRONGPASS").isEmpty());
            long refused = refusedLogins();

            // With one attempt of three connections in it at most.
            await().during(Duration.ofSeconds(4)).atMost(SOON).until(() -> refusedLogins() <= refused + 3);
            assertThat(link.isWritable()).isFalse();
            assertThat(log.linesWith("WRONGPASS"))
                    .singleElement()
                    .asString()
                    .contains("Redis at " + SERVER.address() + " cannot be used, trying again every 5 s")
                    .contains("check catga.redis.username, catga.redis.password");
            assertThat(log.linesWith("sesame")).isEmpty();
        }
    }

    private static long refusedLogins() {
        try {
            String answer = SERVER.execInContainer(
                            "redis-cli", "--user", "watching", "--pass", "watching-sesame", "INFO", "stats")
                    .getStdout();
            return answer.lines()
                    .filter(line -> line.startsWith("acl_access_denied_auth:"))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nobodyIsLetInWithoutAPassword() {
        try (RedisLink link = new RedisLink(RedisOptions.standalone(SERVER.address(), "test"))) {
            link.start();

            await().atMost(SOON).until(() -> !log.linesWith("NOAUTH").isEmpty());
            assertThat(link.isWritable()).isFalse();
        }
    }

    /** Without asking who is master nothing can be done safely. */
    @Test
    void aNodeThatCannotBeAskedForItsRoleIsNotUsed() {
        try (RedisLink link = new RedisLink(as("roleless", "roleless-sesame"))) {
            link.start();

            await().atMost(SOON)
                    .until(() -> !log.linesWith("User roleless has no permissions to run the 'role'")
                            .isEmpty());
            assertThat(link.isWritable()).isFalse();
        }
    }

    @Test
    void aStepThatIsNotPermittedFailsAtOnceAndIsToldOnce() {
        for (String user : List.of("idle", "uncounted")) {
            try (RedisSystem system = RedisSystem.start(as(user, user + "-sesame"))) {
                for (String key : List.of(user + 1, user + 2)) {
                    Instant begun = Instant.now();
                    assertThatThrownBy(() -> system.store().commit(step(key), soon()))
                            .isInstanceOfSatisfying(
                                    CatgaException.class,
                                    failure ->
                                            assertThat(failure.error().code()).isEqualTo(ErrorCode.INTERNAL))
                            .hasMessageContaining("Redis refuses the step");
                    assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(2));
                }
                assertThat(system.link().isWritable()).isTrue();
            }
            assertThat(log.linesWith("User " + user + " has no permissions to run"))
                    .isNotEmpty()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aQuestionThatIsNotPermittedFailsAtOnce() {
        try (RedisSystem system = RedisSystem.start(as("idle", "idle-sesame"))) {
            assertThatThrownBy(() -> system.store().get("any", soon()))
                    .hasMessageContaining("Redis refuses the question");
            assertThatThrownBy(() -> new RedisOutbox(system.link(), Clock.systemUTC()).take(1, Duration.ZERO))
                    .hasMessageContaining("NOPERM");
        }
        assertThat(log.linesWith("User idle has no permissions to run the 'get'"))
                .hasSize(1);
        assertThat(log.linesWith("User idle has no permissions to run the 'xreadgroup'"))
                .hasSize(1);
    }
}
