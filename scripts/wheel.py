"""Additional content of a wheel: the supplied configurations, as ``mtjlab/configs``."""

from pathlib import Path

from setuptools.command.build_py import build_py

CONFIGS = Path("configs")


class WithConfigurations(build_py):
    """Adds the configurations to a build; an editable install (``pip install -e``) uses them in place."""

    def run(self) -> None:
        """Copy them into the package."""
        super().run()
        if not self.editable_mode:
            for source, target in self._copies():
                self.mkpath(str(target.parent))
                self.copy_file(str(source), str(target))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Outputs with the copies."""
        return [*super().get_outputs(include_bytecode), *(str(target) for _, target in self._copies())]

    def _copies(self) -> list[tuple[Path, Path]]:
        target = Path(self.build_lib) / "mtjlab" / "configs"
        return [(path, target / path.name) for path in sorted(CONFIGS.glob("*.toml"))]
