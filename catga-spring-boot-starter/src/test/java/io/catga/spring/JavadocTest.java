package io.catga.spring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is public says in words what it gives. The compiler's own check ({@code -Xdoclint:missing}) cannot be used for
 * it: it also asks for a tag for each parameter and result, also where the sentence has said it all.
 */
class JavadocTest {

    private static final JavaCompiler COMPILER = requireNonNull(ToolProvider.getSystemJavaCompiler());

    @ParameterizedTest
    @ValueSource(strings = {"catga-core", "catga-nats", "catga-redis", "catga-spring-boot-starter", "catga-test"})
    void whatIsPublicHasASentence(String module) throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("..", module, "src/main/java"))) {
            assertThat(undocumented(sources.filter(path -> path.toString().endsWith(".java"))
                            .toList()))
                    .isEmpty();
        }
    }

    @Test
    void findsWhatHasNone(@TempDir Path directory) throws IOException {
        Path source = Files.writeString(directory.resolve("Some.java"), """
                /** A type. */
                public class Some {
                    public static final int NUMBER = 1;
                    int hidden;
                    public Some() {}
                    /** Said. */
                    public void said() {}
                    /** @return tags only */
                    public int tagged() { return 1; }
                    @Override public String toString() { return ""; }
                    void hidden() {}
                    class Hidden { public void unreachable() {} }
                    public interface Port { void implied(); }
                    public record Two(int one) { public Two {} }
                }
                """);

        assertThat(undocumented(List.of(source)))
                .containsExactly(
                        "Some.NUMBER",
                        "Some.Some",
                        "Some.tagged",
                        "Some.Port",
                        "Some.Port.implied",
                        "Some.Two",
                        "Some.Two.Two");
    }

    private static List<String> undocumented(List<Path> sources) throws IOException {
        List<String> found = new ArrayList<>();
        try (StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) COMPILER.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree type : unit.getTypeDecls()) {
                    if (type instanceof ClassTree known) {
                        inspect(docs, new TreePath(new TreePath(unit), known), "", false, found);
                    }
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return found;
    }

    private static void inspect(
            DocTrees docs, TreePath path, String outer, boolean inInterface, List<String> undocumented) {
        ClassTree type = (ClassTree) path.getLeaf();
        if (!isPublic(type.getModifiers(), inInterface)) {
            return;
        }
        String name = outer + type.getSimpleName();
        note(docs, path, name, undocumented);
        boolean isInterface = type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
        for (Tree member : type.getMembers()) {
            TreePath place = new TreePath(path, member);
            switch (member) {
                case ClassTree _ -> inspect(docs, place, name + '.', isInterface, undocumented);
                case MethodTree method
                when isPublic(method.getModifiers(), isInterface) && !overrides(method) ->
                    note(
                            docs,
                            place,
                            name + '.' + (method.getReturnType() == null ? type.getSimpleName() : method.getName()),
                            undocumented);
                case VariableTree field
                when isPublic(field.getModifiers(), isInterface) ->
                    note(docs, place, name + '.' + field.getName(), undocumented);
                default -> {}
            }
        }
    }

    private static boolean isPublic(ModifiersTree modifiers, boolean inInterface) {
        return modifiers.getFlags().contains(Modifier.PUBLIC)
                || inInterface && !modifiers.getFlags().contains(Modifier.PRIVATE);
    }

    private static boolean overrides(MethodTree method) {
        return method.getModifiers().getAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().equals("Override"));
    }

    private static void note(DocTrees docs, TreePath path, String name, List<String> undocumented) {
        DocCommentTree comment = docs.getDocCommentTree(path);
        if (comment == null || comment.getFullBody().isEmpty()) {
            undocumented.add(name);
        }
    }
}
