import type { FormFields, IncomingFile } from '../../../common/http/form.js';
import type { Upload, UploadedFile } from '../../../common/http/upload.js';
import { newId } from '../../../common/ids.js';
import type { Quarantine, ReceivedFile } from '../../storage/quarantine.js';
import type { PlacedFile, StoredFiles } from '../../storage/stored-files.service.js';
import type { TaskDto } from '../../tasks/tasks.dto.js';
import { describeReceived, type DescribedFile } from '../files/described-file.js';
import { fileTypeRefused } from '../versions/versions.errors.js';
import type { ImportDocuments } from './import.dto.js';
import { importTooLarge } from './import.errors.js';
import { importPath, isLitter, pathText } from './import-paths.js';

/** An uploaded file as its row is to have it. */
export interface ArrivedFile extends Partial<Pick<DescribedFile, 'mediaType' | 'nameMatches' | 'declaredType'>> {
  id: string;
  upload: number;
  path: string;
  sha256?: string;
  size?: number;
  outcome?: 'refused' | 'skipped';
  result?: object;
}

interface Taken {
  path: string;
  received: ReceivedFile;
  described: DescribedFile;
  skipped: boolean;
  placed?: PlacedFile;
}

/** What the import does with an upload beyond taking its bytes. */
export interface ImportSteps {
  admit(before: FormFields): Promise<void>;
  record(fields: ImportDocuments, files: readonly ArrivedFile[]): Promise<TaskDto>;
}

/** Many files in one form: each waits in the store, under an id of its own, until the job makes a document of it. */
export class ImportUpload implements Upload<ImportDocuments, TaskDto> {
  private readonly files: Taken[] = [];
  private bytes = 0;
  private recorded = false;

  constructor(
    private readonly tools: { quarantine: Quarantine; stored: StoredFiles },
    private readonly firmId: string,
    private readonly maxBytes: number,
    private readonly steps: ImportSteps,
  ) {}

  admit(before: FormFields): Promise<void> {
    return this.steps.admit(before);
  }

  async receive({ name, declaredType, stream }: IncomingFile): Promise<UploadedFile> {
    const tooLarge = () => importTooLarge(`At most ${Math.floor(this.maxBytes / 1024 / 1024)} MB in all.`);
    const received = await this.tools.quarantine.receive(stream, { maxBytes: this.maxBytes - this.bytes, tooLarge });
    this.bytes += received.size;
    const path = importPath(name);
    try {
      const described = await describeReceived(received, path.fileName, declaredType);
      this.files.push({ path: pathText(path), received, described, skipped: isLitter(name) });
    } catch (error) {
      await this.tools.quarantine.discard(received);
      throw error;
    }
    return { name: pathText(path), sha256: received.sha256 };
  }

  async place(): Promise<void> {
    for (const file of this.files) {
      if (file.skipped || file.described.refused !== undefined) continue;
      file.placed = await this.tools.stored.place(this.firmId, file.received);
    }
  }

  record(fields: ImportDocuments): Promise<TaskDto> {
    this.recorded = true;
    return this.steps.record(fields, this.files.map((file, upload) => this.arrived(file, upload)));
  }

  async close(outcome: 'recorded' | 'refused' | 'unknown'): Promise<void> {
    for (const { received, placed } of this.files) {
      if (!placed) await this.tools.quarantine.discard(received);
      // recorded by an earlier request, whose answer was given again: its files are there
      else if (outcome === 'refused' || (outcome === 'recorded' && !this.recorded)) this.tools.stored.withdraw(placed);
    }
  }

  private arrived({ path, described, skipped, placed }: Taken, upload: number): ArrivedFile {
    if (skipped) return { id: newId(), upload, path, outcome: 'skipped' };
    if (!placed) return { id: newId(), upload, path, outcome: 'refused', result: { code: fileTypeRefused.code, detail: described.refused } };
    const { mediaType, nameMatches, declaredType } = described;
    return { id: placed.id, upload, path, sha256: placed.sha256, size: placed.size, mediaType, nameMatches, declaredType };
  }
}
