package io.catga.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code kubernetes/make-secrets.sh} prints; each run has passwords of its own. */
record MadeSecrets(List<Resource> secrets) {

    private static final MadeSecrets ONCE = make();

    /** Those of one run, for whoever looks at names and keys. */
    static MadeSecrets once() {
        return ONCE;
    }

    static MadeSecrets make() {
        return new MadeSecrets(
                StrictYaml.documents(printed()).stream().map(Resource::new).toList());
    }

    private static String printed() {
        try {
            Process process = new ProcessBuilder(
                            "sh", Project.path("kubernetes/make-secrets.sh").toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("make-secrets.sh has failed: " + process.exitValue());
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean has(String name, String key) {
        return secrets.stream()
                .filter(secret -> secret.name().equals(name))
                .anyMatch(secret -> secret.at("stringData", key).exists());
    }

    /** By the names of the Secrets. */
    Map<String, String> passwords() {
        return secrets.stream()
                .collect(Collectors.toMap(
                        Resource::name,
                        secret -> secret.at("stringData", "password").text()));
    }

    String password(String name) {
        return passwords().getOrDefault(name, "");
    }
}
