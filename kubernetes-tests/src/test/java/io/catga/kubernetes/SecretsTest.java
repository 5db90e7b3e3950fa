package io.catga.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the script for the passwords prints. */
class SecretsTest {

    private static final Pattern USERS = Pattern.compile("for user in ([a-z -]+); do [a-z]+ \"(nats|redis)-\\$user\"");

    @Test
    void secretsAreAsTheApiDescribesThem() {
        assertThat(Schemas.complaints(new Manifests(MadeSecrets.once().secrets())))
                .isEmpty();
    }

    @Test
    void secretsAreInTheNamespaceAndNeverChange() {
        assertThat(MadeSecrets.once().secrets()).isNotEmpty().allSatisfy(secret -> {
            assertThat(secret.kind()).isEqualTo("Secret");
            assertThat(secret.at("metadata", "namespace").text()).isEqualTo("catga");
            assertThat(secret.at("immutable").is(true)).isTrue();
            assertThat(secret.at("stringData").map()).containsOnlyKeys("password");
        });
    }

    @Test
    void thereIsOneForEachUserOfTheComposeFilesButTheGateways() {
        assertThat(MadeSecrets.once().passwords().keySet())
                .containsExactlyInAnyOrderElementsOf(users("docker/make-secrets.sh")
                        .filter(user -> !user.equals("nats-gateways"))
                        .toList());
    }

    private static Stream<String> users(String script) {
        return USERS.matcher(Project.read(script))
                .results()
                .flatMap(found -> Stream.of(found.group(1).split(" ")).map(user -> found.group(2) + "-" + user));
    }

    @Test
    void passwordsHave192BitsAndAreFreshEachTime() {
        List<String> passwords = Stream.of(MadeSecrets.make(), MadeSecrets.make())
                .flatMap(made -> made.passwords().values().stream())
                .toList();
        assertThat(passwords)
                .hasSize(2 * 12)
                .doesNotHaveDuplicates()
                .allMatch(password -> password.matches("[0-9a-f]{48}"));
    }
}
