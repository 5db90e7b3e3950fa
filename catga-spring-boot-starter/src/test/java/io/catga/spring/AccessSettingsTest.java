package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.nats.NatsAccess;
import io.catga.nats.NatsLink;
import io.catga.redis.RedisAccess;
import io.catga.redis.RedisLink;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.autoconfigure.context.properties.ConfigurationPropertiesReportEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.env.EnvironmentEndpointAutoConfiguration;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;

/** Users, passwords and TLS by settings. */
class AccessSettingsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    private static final X509Bundle CERTIFICATE = certificate();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    CatgaAutoConfiguration.class,
                    CatgaNatsAutoConfiguration.class,
                    CatgaRedisAutoConfiguration.class,
                    SslAutoConfiguration.class,
                    EnvironmentEndpointAutoConfiguration.class,
                    ConfigurationPropertiesReportEndpointAutoConfiguration.class))
            .withPropertyValues(
                    "catga.instance=test-1",
                    "catga.nats.servers=nats://localhost:1",
                    "catga.redis.node=localhost:1",
                    "spring.ssl.bundle.pem.test.truststore.certificate=" + file("ca.crt"),
                    "spring.ssl.bundle.pem.restricted.truststore.certificate=" + file("ca.crt"),
                    "spring.ssl.bundle.pem.restricted.options.enabled-protocols=TLSv1.2",
                    "management.endpoints.web.exposure.include=*",
                    "management.endpoint.env.show-values=always",
                    "management.endpoint.configprops.show-values=always");

    private static X509Bundle certificate() {
        try {
            return new CertificateBuilder()
                    .subject("CN=server")
                    .addSanDnsName("localhost")
                    .addSanIpAddress("127.0.0.1")
                    .buildIssuedBy(new CertificateBuilder()
                            .subject("CN=authority")
                            .setIsCertificateAuthority(true)
                            .buildSelfSigned());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    static void writeCertificate() throws IOException {
        Files.writeString(directory.resolve("ca.crt"), CERTIFICATE.getRootCertificatePEM());
    }

    private static String file(String name) {
        return "file:" + directory.resolve(name);
    }

    private static NatsAccess nats(ApplicationContext context) {
        return context.getBean(NatsLink.class).options().access();
    }

    private static RedisAccess redis(ApplicationContext context) {
        return context.getBean(RedisLink.class).options().access();
    }

    private ApplicationContextRunner withPasswords() {
        return application.withPropertyValues(
                "catga.nats.username=nats-user",
                "catga.nats.password=open-sesame-1",
                "catga.nats.inbox-prefix=answers-of-test",
                "catga.nats.ssl-bundle=test",
                "catga.redis.username=redis-user",
                "catga.redis.password=open-sesame-2",
                "catga.redis.sentinel-username=sentinel-user",
                "catga.redis.sentinel-password=open-sesame-3",
                "catga.redis.ssl-bundle=test");
    }

    @Test
    void everySettingReachesTheConnections() {
        withPasswords().run(context -> {
            assertThat(nats(context).username()).isEqualTo("nats-user");
            assertThat(nats(context).password()).isEqualTo("open-sesame-1");
            assertThat(nats(context).inboxPrefix()).isEqualTo("answers-of-test");
            assertThat(nats(context).tls()).isNotNull();
            assertThat(redis(context).nodes()).isEqualTo(new RedisAccess.Login("redis-user", "open-sesame-2"));
            assertThat(redis(context).sentinels()).isEqualTo(new RedisAccess.Login("sentinel-user", "open-sesame-3"));
            assertThat(redis(context).tls()).isNotNull();
        });
    }

    @Test
    void whatIsLeftEmptyIsNotSet() {
        application
                .withPropertyValues(
                        "catga.nats.username=",
                        "catga.nats.password=",
                        "catga.nats.inbox-prefix=",
                        "catga.nats.ssl-bundle=",
                        "catga.redis.username=",
                        "catga.redis.password=",
                        "catga.redis.sentinel-password=",
                        "catga.redis.ssl-bundle=")
                .run(context -> {
                    assertThat(nats(context)).isEqualTo(NatsAccess.open());
                    assertThat(redis(context)).isEqualTo(RedisAccess.open());
                });
    }

    @Test
    void aPasswordAloneIsThatOfTheDefaultUserOfRedis() {
        application
                .withPropertyValues("catga.redis.password=open-sesame")
                .run(context ->
                        assertThat(redis(context).nodes()).isEqualTo(new RedisAccess.Login(null, "open-sesame")));
    }

    @Test
    void aUserWithoutAPasswordIsReported() {
        application
                .withPropertyValues("catga.redis.sentinel-username=me")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("a user needs a password"));
    }

    @Test
    void aBundleThatIsMissingOrCannotBeAppliedIsReported() {
        application
                .withPropertyValues("catga.nats.ssl-bundle=missing")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("missing"));
        for (String setting : new String[] {"catga.nats.ssl-bundle", "catga.redis.ssl-bundle"}) {
            application
                    .withPropertyValues(setting + "=restricted")
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .hasMessageContaining("the SSL bundle 'restricted' has options")
                            .hasMessageContaining("name one without in " + setting));
        }
    }

    @Test
    void passwordsAreShownNowhere() {
        withPasswords()
                .withSystemProperties("CATGA_REDIS_PASSWORD=open-sesame-2")
                .run(context -> {
                    String shown = String.join(
                            "\n",
                            context.getBean(CatgaProperties.class).toString(),
                            context.getBean(NatsLink.class).options().toString(),
                            context.getBean(RedisLink.class).options().toString(),
                            context.getBean(CatgaEndpoint.class).describe().toString(),
                            properties(context.getBean(ConfigurationPropertiesReportEndpoint.class)),
                            environment(context.getBean(EnvironmentEndpoint.class)));

                    assertThat(shown)
                            .contains("nats-user", "redis-user", "sentinel-user", "CATGA_REDIS_PASSWORD")
                            .doesNotContain("sesame");
                });
    }

    private static String properties(ConfigurationPropertiesReportEndpoint endpoint) {
        return endpoint.configurationProperties().getContexts().values().stream()
                .filter(Objects::nonNull)
                .flatMap(context -> context.getBeans().values().stream())
                .filter(Objects::nonNull)
                .map(bean -> bean.getProperties() + "\n" + bean.getInputs())
                .toList()
                .toString();
    }

    private static String environment(EnvironmentEndpoint endpoint) {
        return endpoint.environment(null).getPropertySources().stream()
                .flatMap(source -> source.getProperties().entrySet().stream())
                .flatMap(property ->
                        Stream.ofNullable(property.getValue()).map(value -> property.getKey() + "=" + value.getValue()))
                .toList()
                .toString();
    }

    @Test
    void withoutTheRightPasswordOrAPermissionTheApplicationIsUpAndNotReady() {
        try (GenericContainer<?> server = securedNats()) {
            server.start();
            ApplicationContextRunner secured = application.withPropertyValues(
                    "catga.nats.servers=nats://localhost:" + server.getMappedPort(4222),
                    "catga.nats.username=me",
                    "catga.nats.ssl-bundle=test");

            secured.withPropertyValues("catga.nats.password=open-sesame")
                    .run(context -> await().atMost(LONG).until(() -> status(context) == Status.UP));
            secured.withPropertyValues("catga.nats.password=wrong-sesame").run(context -> {
                await().atMost(LONG).until(() -> server.getLogs().contains("authentication error"));
                assertThat(context).hasNotFailed();
                assertThat(status(context)).isEqualTo(Status.DOWN);
            });
            secured.withPropertyValues("catga.nats.username=deaf", "catga.nats.password=open-sesame")
                    .run(context -> {
                        await().atMost(LONG).until(context.getBean(NatsLink.class)::isConnected);
                        await().atMost(LONG).until(() -> status(context) == Status.DOWN);
                    });
        }
    }

    private static Status status(ApplicationContext context) {
        return Objects.requireNonNull(context.getBean("natsHealthIndicator", HealthCheck.class)
                        .health())
                .getStatus();
    }

    private static GenericContainer<?> securedNats() {
        return TestServers.nats()
                .withCopyToContainer(Transferable.of(CERTIFICATE.getCertificatePathPEM()), "/tmp/server.crt")
                .withCopyToContainer(Transferable.of(CERTIFICATE.getPrivateKeyPEM()), "/tmp/server.key")
                .withCopyToContainer(Transferable.of("""
                        jetstream { store_dir: "/tmp/jetstream" }
                        tls { cert_file: "/tmp/server.crt", key_file: "/tmp/server.key" }
                        authorization {
                          users = [
                            { user: "me", password: "open-sesame" }
                            { user: "deaf", password: "open-sesame", permissions: { subscribe: ["nothing"] } }
                          ]
                        }
                        """), "/tmp/nats.conf")
                .withCommand("-c", "/tmp/nats.conf");
    }
}
